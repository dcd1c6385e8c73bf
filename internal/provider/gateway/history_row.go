package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// HistoryRow is one invoice, the same for all gateways. What a gateway does not
// tell is null.
type HistoryRow struct {
	ID               types.String         `tfsdk:"id"`
	OrderID          types.String         `tfsdk:"order_id"`
	CustomerID       types.String         `tfsdk:"customer_id"`
	CustomerEmail    types.String         `tfsdk:"customer_email"`
	CustomerPhone    types.String         `tfsdk:"customer_phone"`
	Description      types.String         `tfsdk:"description"`
	Amount           attributes.Decimal   `tfsdk:"amount"`
	PaidAmount       attributes.Decimal   `tfsdk:"paid_amount"`
	CurrentAmount    attributes.Decimal   `tfsdk:"current_amount"`
	Currency         types.String         `tfsdk:"currency"`
	Status           types.String         `tfsdk:"status"`
	GatewayStatus    types.String         `tfsdk:"gateway_status"`
	PaymentID        types.String         `tfsdk:"payment_id"`
	EshopID          types.String         `tfsdk:"eshop_id"`
	OrganizationName types.String         `tfsdk:"organization_name"`
	RRN              types.String         `tfsdk:"rrn"`
	CreatedAt        timetypes.RFC3339    `tfsdk:"created_at"`
	UpdatedAt        timetypes.RFC3339    `tfsdk:"updated_at"`
	ExpiresAt        timetypes.RFC3339    `tfsdk:"expires_at"`
	PaidAt           timetypes.RFC3339    `tfsdk:"paid_at"`
	Transactions     []HistoryTransaction `tfsdk:"transactions"`
}

// HistoryTransaction is a transaction of an invoice.
type HistoryTransaction struct {
	ID              types.String       `tfsdk:"id"`
	PaymentNumber   types.String       `tfsdk:"payment_number"`
	State           types.String       `tfsdk:"state"`
	Type            types.String       `tfsdk:"type"`
	Direction       types.String       `tfsdk:"direction"`
	InputType       types.String       `tfsdk:"input_type"`
	Amount          attributes.Decimal `tfsdk:"amount"`
	RecipientAmount attributes.Decimal `tfsdk:"recipient_amount"`
	Commission      attributes.Decimal `tfsdk:"commission"`
	Description     types.String       `tfsdk:"description"`
	CreatedAt       timetypes.RFC3339  `tfsdk:"created_at"`
}
