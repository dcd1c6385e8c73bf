package intellectmoney

import (
	"cmp"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strconv"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// Times are TEXT in storedFormat and in Moscow, which sorts. "" is no time.
// state_number is for the filter State and for SortOrder 3, has_refunds for
// WithRefunds. The wide indexes have all that the history filters by: so a page
// far down the list is found without reading the rows before it.
const schema = `
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

// storedFormat is how times are stored, with hundredths of a second as in
// answers (document, sample answer).
const storedFormat = "2006-01-02 15:04:05.00"

// The numbers of the first objects, as in the document's sample answer.
const (
	firstInvoice     = 3000000000
	firstTransaction = 30000000
	firstPayment     = 2000000000
)

// stateNumbers are the numbers of the filter State (document) by the names of
// states in answers [P].
var stateNumbers = map[string]int{"Created": 0, "PartPaid": 1, "Paid": 2, "ToPaid": 3, "Refund": 4, "Held": 6}

// Invoice is an invoice («СКО») as it is stored. "" stands for what it does not
// have. Its JSON has the names of the API.
type Invoice struct {
	// ID is ten digits and starts with 3.
	ID string `json:"Id"`
	// State is Created, PartPaid, Paid, ToPaid, Refund or Held.
	State        string
	HoldModeFlag bool
	// Times are in hundredths of a second. ExpirationDate may be zero.
	ChangeDate     time.Time
	CreationDate   time.Time
	ExpirationDate time.Time `json:",omitzero"`
	// Amounts are decimals such as "1500.50". CurrentAmount is the money on the
	// invoice. It is zero after the payout to the shop.
	Amount, CurrentAmount, SurchargeAmount, OriginalAmount, Currency string
	OwnerEmail, OwnerFIO                                             string
	PurchaseOrderID                                                  string `json:"PurchaseOrderId"`
	Rrn                                                              string
	EshopID                                                          int `json:"EShopId"`
	EshopName                                                        string
	EshopURL                                                         string `json:"EshopUrl"`
	OrganizationID                                                   int    `json:"OrganizationId"`
	OrganizationName                                                 string
	// MerchantReceipt is JSON.
	MerchantReceipt string
	// Transactions are oldest first.
	Transactions []Transaction `json:"HistoryList"`
}

// Transaction moves money to or from an invoice.
type Transaction struct {
	ID            string `json:"Id"`
	PaymentNumber string
	// State is Created, Confirm or Canceled [P].
	State        string
	CreationDate time.Time
	// Amounts are decimals. Commission is in roubles [I].
	PaymentAmount, RecipientAmount                string
	Commission                                    string `json:"Comission"` // the gateway's spelling
	PaymentAccount, RecipientAccount, Description string
	// Direction is Withdraw (document, sample answer) or Deposit [?].
	Direction string
	// InvoicePaymentType is Entry, Purchase or Refund [P].
	InvoicePaymentType string
	InputType          string
}

// storedTime reads and writes a column with a time.
type storedTime struct{ *time.Time }

// Value implements driver.Valuer.
func (t storedTime) Value() (driver.Value, error) {
	if t.IsZero() {
		return "", nil
	}
	return t.In(sandbox.Moscow).Format(storedFormat), nil
}

// Scan implements sql.Scanner.
func (t storedTime) Scan(value any) (err error) {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("a time is stored as %T", value)
	}
	*t.Time = time.Time{}
	if text != "" {
		*t.Time, err = time.ParseInLocation(storedFormat, text, sandbox.Moscow)
	}
	return err
}

var invoices = sandbox.Table[Invoice]{
	Name: "intellectmoney_invoices", Key: "id", Order: "creation_date, id",
	Columns: `id, state, state_number, has_refunds, hold_mode, change_date, creation_date, expiration_date,
		amount, current_amount, surcharge_amount, original_amount, currency, owner_email, owner_fio, purchase_order_id, rrn,
		eshop_id, eshop_name, eshop_url, organization_id, organization_name, merchant_receipt`,
	Fields: func(i *Invoice) []any {
		number, known := stateNumbers[i.State]
		if !known {
			number = -1
		}
		refunds := i.State == "Refund" || i.has("Refund")
		return []any{&i.ID, &i.State, &number, &refunds, &i.HoldModeFlag, storedTime{&i.ChangeDate}, storedTime{&i.CreationDate}, storedTime{&i.ExpirationDate},
			&i.Amount, &i.CurrentAmount, &i.SurchargeAmount, &i.OriginalAmount, &i.Currency, &i.OwnerEmail, &i.OwnerFIO, &i.PurchaseOrderID, &i.Rrn,
			&i.EshopID, &i.EshopName, &i.EshopURL, &i.OrganizationID, &i.OrganizationName, &i.MerchantReceipt}
	},
}

// ownedTransaction is a transaction and the id of its invoice.
type ownedTransaction struct {
	owner string
	Transaction
}

var transactions = sandbox.Table[ownedTransaction]{
	Name: "intellectmoney_transactions", Key: "id",
	Columns: `id, invoice_id, payment_number, state, creation_date, payment_amount, recipient_amount,
		payment_account, recipient_account, description, direction, type, input_type, commission`,
	Fields: func(t *ownedTransaction) []any {
		return []any{&t.ID, &t.owner, &t.PaymentNumber, &t.State, storedTime{&t.CreationDate}, &t.PaymentAmount, &t.RecipientAmount,
			&t.PaymentAccount, &t.RecipientAccount, &t.Description, &t.Direction, &t.InvoicePaymentType, &t.InputType, &t.Commission}
	},
}

// insertTransactions stores the transactions of an invoice. Those without an id
// get one from next on, and a payment number.
func insertTransactions(to sandbox.Execer, i *Invoice, next int64) error {
	for n := range i.Transactions {
		t := &i.Transactions[n]
		if t.ID == "" {
			t.ID = strconv.FormatInt(next, 10)
			t.PaymentNumber = cmp.Or(t.PaymentNumber, strconv.FormatInt(firstPayment+next-firstTransaction, 10))
			next++
		}
		if err := transactions.Insert(to, ownedTransaction{i.ID, *t}); err != nil {
			return err
		}
	}
	return nil
}

// nextNumbers are the ids of the next invoice and the next transaction.
func nextNumbers(tx *sql.Tx) (invoice, transaction int64, err error) {
	if invoice, err = sandbox.NextNumber(tx, invoices.Name); err != nil {
		return 0, 0, err
	}
	transaction, err = sandbox.NextNumber(tx, transactions.Name)
	return max(invoice, firstInvoice), max(transaction, firstTransaction), err
}

// findTransactions adds the transactions to invoices that end has selected.
func findTransactions(tx *sql.Tx, found []Invoice, end string, args ...any) error {
	all, err := transactions.Select(tx, `WHERE invoice_id IN (SELECT id FROM intellectmoney_invoices `+end+`) ORDER BY creation_date, id`, args...)
	of := map[string][]Transaction{}
	for _, t := range all {
		of[t.owner] = append(of[t.owner], t.Transaction)
	}
	for n := range found {
		found[n].Transactions = of[found[n].ID]
	}
	return err
}

// store stores invoices together with their transactions.
type store struct{}

func (store) All(tx *sql.Tx) ([]Invoice, error) {
	all, err := invoices.All(tx)
	if err != nil {
		return nil, err
	}
	return all, findTransactions(tx, all, ``)
}

func (store) Get(tx *sql.Tx, id string) (Invoice, error) {
	found, err := invoices.Select(tx, `WHERE id = ?`, id)
	if err == nil && len(found) == 0 {
		err = sandbox.ErrNotFound
	}
	if err != nil {
		return Invoice{}, err
	}
	err = findTransactions(tx, found, `WHERE id = ?`, id)
	return found[0], err
}

func (store) Update(tx *sql.Tx, id string, i Invoice) error {
	if err := invoices.Update(tx, id, i); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM intellectmoney_transactions WHERE invoice_id = ?`, id); err != nil {
		return err
	}
	_, next, err := nextNumbers(tx)
	if err != nil {
		return err
	}
	return insertTransactions(tx, &i, next)
}

func (store) Delete(tx *sql.Tx, id string) error {
	if _, err := tx.Exec(`DELETE FROM intellectmoney_transactions WHERE invoice_id = ?`, id); err != nil {
		return err
	}
	return invoices.Delete(tx, id)
}

// insert stores an invoice that has all its ids.
func (store) insert(tx *sql.Tx, to sandbox.Execer, i Invoice) error {
	if err := invoices.Insert(to, i); err != nil {
		return err
	}
	_, next, err := nextNumbers(tx)
	if err != nil {
		return err
	}
	return insertTransactions(to, &i, next)
}
