package intellectmoney

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/mask"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

func detailsOf(i *intellectmoney.Invoice) *gateway.IntellectMoneyDetails {
	d := i.Details
	return &gateway.IntellectMoneyDetails{
		HoldMode:         types.BoolPointerValue(d.HoldMode.Value),
		OriginalAmount:   attributes.NewMoney(d.OriginalAmount.Amount),
		SurchargeAmount:  attributes.NewMoney(d.Surcharge.Amount),
		CustomerName:     attributes.StringOrNull(strings.TrimSpace(string(d.OwnerName))), // two spaces for three names, none known
		EshopName:        attributes.StringOrNull(string(d.EshopName)),
		OrganizationName: attributes.StringOrNull(string(i.Organization)),
		Recurrent:        types.BoolPointerValue(d.IsRecurrent.Value),
		FormType:         attributes.StringOrNull(string(d.FormType)),
		Receipt:          attributes.JSONOrNull([]byte(d.Receipt)),
		AdditionalInfo:   additionalInfo(d.AdditionalInfo),
	}
}

// additionalInfo joins the values of a key that stands there more than once.
func additionalInfo(pairs intellectmoney.Pairs) map[string]string {
	if pairs == nil {
		return nil
	}
	info := make(map[string]string, len(pairs))
	for _, pair := range pairs {
		key, value := string(pair.Key), string(pair.Value)
		if before, isThere := info[key]; isThere {
			value = before + "; " + value
		}
		info[key] = value
	}
	return info
}

func historyTransaction(t *intellectmoney.Transaction) gateway.HistoryTransaction {
	shown := gateway.HistoryTransaction{
		ID:              attributes.StringOrNull(string(t.ID)),
		PaymentNumber:   attributes.StringOrNull(string(t.PaymentNumber)),
		State:           attributes.StringOrNull(string(t.State)),
		Type:            attributes.StringOrNull(string(t.Type)),
		Direction:       attributes.StringOrNull(string(t.Direction)),
		InputType:       attributes.StringOrNull(string(t.InputType)),
		Amount:          attributes.NewMoney(t.Amount.Amount),
		RecipientAmount: attributes.NewMoney(t.RecipientAmount.Amount),
		Commission:      attributes.NewMoney(t.Commission.Value),
		Description:     attributes.StringOrNull(string(t.Description)),
		CreatedAt:       attributes.TimeOrNull(t.Created),
	}
	d := t.Details
	if d == nil {
		return shown
	}
	shown.Account, shown.PaymentAccount, shown.RecipientAccount = masked(d.Account), masked(d.PaymentAccount), masked(d.RecipientAccount)
	shown.Currency = attributes.StringOrNull(string(t.Amount.Currency))
	shown.RecipientCurrency = attributes.StringOrNull(string(t.RecipientAmount.Currency))
	shown.CardNumber = masked(d.ShortPAN)
	shown.Country, shown.Bank = attributes.StringOrNull(string(d.Country)), attributes.StringOrNull(string(d.Bank))
	shown.Email = attributes.StringOrNull(string(d.Email))
	return shown
}

// masked hides the whole number of a card, should the gateway give one. An account may be a card.
func masked(text values.Text) types.String { return attributes.StringOrNull(mask.Cards(string(text))) }
