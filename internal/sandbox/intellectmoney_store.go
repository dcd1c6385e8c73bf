package sandbox

import (
	"cmp"
	"database/sql"
	"fmt"
	"strconv"
	"time"
)

// Times are TEXT in intellectmoneyTime and in Moscow, which sorts; "" is none.
// state_number is what the filter State and SortOrder 3 go by, has_refunds
// what WithRefunds does. The wide indexes hold what is filtered by, so that a
// page far down the list is found without reading what is skipped.
const intellectmoneySchema = `
CREATE TABLE IF NOT EXISTS intellectmoney_invoices (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	state TEXT NOT NULL, state_number INTEGER NOT NULL, has_refunds INTEGER NOT NULL, hold_mode INTEGER NOT NULL,
	change_date TEXT NOT NULL, creation_date TEXT NOT NULL, expiration_date TEXT NOT NULL,
	amount TEXT NOT NULL, current_amount TEXT NOT NULL, surcharge_amount TEXT NOT NULL, original_amount TEXT NOT NULL, currency TEXT NOT NULL,
	owner_email TEXT NOT NULL, owner_fio TEXT NOT NULL, purchase_order_id TEXT NOT NULL, rrn TEXT NOT NULL,
	eshop_id INTEGER NOT NULL, eshop_name TEXT NOT NULL, eshop_url TEXT NOT NULL,
	organization_id INTEGER NOT NULL, organization_name TEXT NOT NULL, merchant_receipt TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS intellectmoney_invoices_creation ON intellectmoney_invoices
	(creation_date, id, organization_id, eshop_id, state_number, has_refunds);
CREATE INDEX IF NOT EXISTS intellectmoney_invoices_change ON intellectmoney_invoices
	(change_date, id, organization_id, eshop_id, state_number, has_refunds);
CREATE INDEX IF NOT EXISTS intellectmoney_invoices_email ON intellectmoney_invoices (owner_email COLLATE NOCASE, creation_date, id);
CREATE TABLE IF NOT EXISTS intellectmoney_transactions (
	id INTEGER PRIMARY KEY AUTOINCREMENT, invoice_id INTEGER NOT NULL,
	payment_number TEXT NOT NULL, state TEXT NOT NULL, creation_date TEXT NOT NULL,
	payment_amount TEXT NOT NULL, recipient_amount TEXT NOT NULL, payment_account TEXT NOT NULL, recipient_account TEXT NOT NULL,
	description TEXT NOT NULL, direction TEXT NOT NULL, type TEXT NOT NULL, input_type TEXT NOT NULL, commission TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS intellectmoney_transactions_invoice ON intellectmoney_transactions (invoice_id);`

// intellectmoneyTime is how times are stored. Answers have hundredths of a
// second, too (document, sample answer).
const intellectmoneyTime = "2006-01-02 15:04:05.00"

// The numbers of the first objects, as in the document's sample answer.
const (
	intellectmoneyFirstInvoice     = 3000000000
	intellectmoneyFirstTransaction = 30000000
	intellectmoneyFirstPayment     = 2000000000
)

// intellectmoneyStates are the numbers of states: those of the filter State
// (document), and their names in answers [P].
var intellectmoneyStates = map[string]int{"Created": 0, "PartPaid": 1, "Paid": 2, "ToPaid": 3, "Refund": 4, "Held": 6}

// IntellectMoneyInvoice is an invoice («СКО») as it is stored. What it does
// not have is "".
type IntellectMoneyInvoice struct {
	// ID is ten digits, of which the first is 3.
	ID string
	// State is Created, PartPaid, Paid, ToPaid, Refund or Held.
	State        string
	HoldModeFlag bool
	// Times are kept to a hundredth of a second. ExpirationDate may be zero.
	ChangeDate, CreationDate, ExpirationDate time.Time
	// Amounts are decimals such as "1500.50". CurrentAmount is what lies on
	// the invoice: nothing any more once it is paid out to the shop.
	Amount, CurrentAmount, SurchargeAmount, OriginalAmount, Currency string
	OwnerEmail, OwnerFIO, PurchaseOrderID, Rrn                       string
	EshopID                                                          int
	EshopName, EshopURL                                              string
	OrganizationID                                                   int
	OrganizationName                                                 string
	// MerchantReceipt is JSON.
	MerchantReceipt string
	// Transactions are oldest first.
	Transactions []IntellectMoneyTransaction
}

// IntellectMoneyTransaction is a movement of money to or from an invoice.
type IntellectMoneyTransaction struct {
	ID, PaymentNumber string
	// State is Created, Confirm or Canceled [P].
	State        string
	CreationDate time.Time
	// Amounts are decimals. Commission is in roubles [I].
	PaymentAmount, RecipientAmount, Commission    string
	PaymentAccount, RecipientAccount, Description string
	// Direction is Withdraw (document, sample answer) or Deposit [?].
	Direction string
	// InvoicePaymentType is Entry, Purchase or Refund [P].
	InvoicePaymentType string
	InputType          string
}

const (
	intellectmoneyColumns = `id, state, state_number, has_refunds, hold_mode, change_date, creation_date, expiration_date,
		amount, current_amount, surcharge_amount, original_amount, currency, owner_email, owner_fio, purchase_order_id, rrn,
		eshop_id, eshop_name, eshop_url, organization_id, organization_name, merchant_receipt`
	intellectmoneyTransactionColumns = `id, invoice_id, payment_number, state, creation_date, payment_amount, recipient_amount,
		payment_account, recipient_account, description, direction, type, input_type, commission`

	selectIntellectMoneyInvoices     = `SELECT ` + intellectmoneyColumns + ` FROM intellectmoney_invoices `
	selectIntellectMoneyTransactions = `SELECT ` + intellectmoneyTransactionColumns + ` FROM intellectmoney_transactions `
)

// storedTime writes and reads a column that holds a time.
type storedTime struct{ *time.Time }

func (t storedTime) text() string {
	if t.IsZero() {
		return ""
	}
	return t.In(moscow).Format(intellectmoneyTime)
}

// Scan implements sql.Scanner.
func (t storedTime) Scan(value any) (err error) {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("a time is stored as %T", value)
	}
	*t.Time = time.Time{}
	if text != "" {
		*t.Time, err = time.ParseInLocation(intellectmoneyTime, text, moscow)
	}
	return err
}

func (i *IntellectMoneyInvoice) values() []any {
	number, known := intellectmoneyStates[i.State]
	if !known {
		number = -1
	}
	refunds := i.State == "Refund"
	for _, t := range i.Transactions {
		refunds = refunds || t.InvoicePaymentType == "Refund"
	}
	return []any{i.ID, i.State, number, refunds, i.HoldModeFlag, storedTime{&i.ChangeDate}.text(), storedTime{&i.CreationDate}.text(), storedTime{&i.ExpirationDate}.text(),
		i.Amount, i.CurrentAmount, i.SurchargeAmount, i.OriginalAmount, i.Currency, i.OwnerEmail, i.OwnerFIO, i.PurchaseOrderID, i.Rrn,
		i.EshopID, i.EshopName, i.EshopURL, i.OrganizationID, i.OrganizationName, i.MerchantReceipt}
}

func scanIntellectMoneyInvoice(row scanner) (i IntellectMoneyInvoice, err error) {
	var derived any
	err = row.Scan(&i.ID, &i.State, &derived, &derived, &i.HoldModeFlag, storedTime{&i.ChangeDate}, storedTime{&i.CreationDate}, storedTime{&i.ExpirationDate},
		&i.Amount, &i.CurrentAmount, &i.SurchargeAmount, &i.OriginalAmount, &i.Currency, &i.OwnerEmail, &i.OwnerFIO, &i.PurchaseOrderID, &i.Rrn,
		&i.EshopID, &i.EshopName, &i.EshopURL, &i.OrganizationID, &i.OrganizationName, &i.MerchantReceipt)
	return i, err
}

// ownedTransaction is a transaction and the id of its invoice.
type ownedTransaction struct {
	owner string
	IntellectMoneyTransaction
}

func scanIntellectMoneyTransaction(row scanner) (t ownedTransaction, err error) {
	err = row.Scan(&t.ID, &t.owner, &t.PaymentNumber, &t.State, storedTime{&t.CreationDate}, &t.PaymentAmount, &t.RecipientAmount,
		&t.PaymentAccount, &t.RecipientAccount, &t.Description, &t.Direction, &t.InvoicePaymentType, &t.InputType, &t.Commission)
	return t, err
}

// insertIntellectMoneyInvoice stores a new invoice and its transactions,
// giving an id to whatever has none.
func insertIntellectMoneyInvoice(tx *sql.Tx, i *IntellectMoneyInvoice) error {
	if i.ID == "" {
		next, err := nextNumber(tx, "intellectmoney_invoices")
		if err != nil {
			return err
		}
		i.ID = strconv.FormatInt(max(next, intellectmoneyFirstInvoice), 10)
	}
	if err := storeIntellectMoneyInvoice(tx, i); err != nil {
		return err
	}
	return insertIntellectMoneyTransactions(tx, i)
}

func storeIntellectMoneyInvoice(to execer, i *IntellectMoneyInvoice) error {
	_, err := to.Exec(`INSERT INTO intellectmoney_invoices (`+intellectmoneyColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, i.values()...)
	return err
}

func insertIntellectMoneyTransactions(tx *sql.Tx, i *IntellectMoneyInvoice) error {
	next, err := nextNumber(tx, "intellectmoney_transactions")
	if err != nil {
		return err
	}
	return storeIntellectMoneyTransactions(tx, i, max(next, intellectmoneyFirstTransaction))
}

// storeIntellectMoneyTransactions stores an invoice's transactions. Those
// without an id get the next ones, and a payment's number with it.
func storeIntellectMoneyTransactions(to execer, i *IntellectMoneyInvoice, next int64) error {
	for n := range i.Transactions {
		t := &i.Transactions[n]
		if t.ID == "" {
			t.ID = strconv.FormatInt(next, 10)
			t.PaymentNumber = cmp.Or(t.PaymentNumber, strconv.FormatInt(intellectmoneyFirstPayment+next-intellectmoneyFirstTransaction, 10))
			next++
		}
		if _, err := to.Exec(`INSERT INTO intellectmoney_transactions (`+intellectmoneyTransactionColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
			t.ID, i.ID, t.PaymentNumber, t.State, storedTime{&t.CreationDate}.text(), t.PaymentAmount, t.RecipientAmount,
			t.PaymentAccount, t.RecipientAccount, t.Description, t.Direction, t.InvoicePaymentType, t.InputType, t.Commission); err != nil {
			return err
		}
	}
	return nil
}

// updateIntellectMoneyInvoice stores an invoice under the id it had.
func updateIntellectMoneyInvoice(tx *sql.Tx, id string, i *IntellectMoneyInvoice) error {
	if err := execOne(tx, `UPDATE intellectmoney_invoices SET (`+intellectmoneyColumns+`) = (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) WHERE id = ?`, append(i.values(), id)...); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM intellectmoney_transactions WHERE invoice_id = ?`, id); err != nil {
		return err
	}
	return insertIntellectMoneyTransactions(tx, i)
}

// findIntellectMoneyInvoices are the invoices that the end of the query
// selects, with their transactions.
func findIntellectMoneyInvoices(tx *sql.Tx, end string, args ...any) ([]IntellectMoneyInvoice, error) {
	invoices, err := collect(tx, scanIntellectMoneyInvoice, selectIntellectMoneyInvoices+end, args...)
	if err != nil {
		return nil, err
	}
	return invoices, findIntellectMoneyTransactions(tx, invoices, end, args...)
}

// findIntellectMoneyTransactions gives invoices their transactions.
func findIntellectMoneyTransactions(tx *sql.Tx, invoices []IntellectMoneyInvoice, end string, args ...any) error {
	transactions, err := collect(tx, scanIntellectMoneyTransaction, selectIntellectMoneyTransactions+
		`WHERE invoice_id IN (SELECT id FROM intellectmoney_invoices `+end+`) ORDER BY creation_date, id`, args...)
	of := map[string][]IntellectMoneyTransaction{}
	for _, t := range transactions {
		of[t.owner] = append(of[t.owner], t.IntellectMoneyTransaction)
	}
	for n := range invoices {
		invoices[n].Transactions = of[invoices[n].ID]
	}
	return err
}
