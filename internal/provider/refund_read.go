package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

func (r *refundResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model refundModel
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	importing, refunder := model.isUnread(), refunderOf(r.refunders, &model)
	if resp.Diagnostics.HasError() || !refunder.Refresh(importing, &resp.Diagnostics) {
		return
	}
	model.fillIn()
	resp.Diagnostics.Append(ledger.DropPlanned(ctx, resp.Private)...)
	if model.isUnclear() {
		r.readUnclear(ctx, refunder, &model, req, resp)
		return
	}
	id := model.ID.ValueString()
	refund, err := refunder.FindRefund(ctx, model.PaymentID.ValueString(), id)
	if err != nil {
		attempt := "read refund "
		if importing {
			attempt = "import refund "
		}
		gateway.FailedCall{Attempt: attempt + id}.Report(&resp.Diagnostics, err)
		return
	}
	known := refundArguments.Read(ctx, &model, req.Private)
	switch {
	case refund == nil && importing:
		resp.Diagnostics.AddError("Cannot import refund "+id, "Nothing was imported: the gateway knows no such refund."+aboutOtherImportIDs(r.refunders, refunder))
		return
	case refund == nil:
		resp.Diagnostics.AddWarning("The gateway does not show refund "+id,
			"It stays in the state, and is not made again: the money may well have moved. If it never did, remove it with terraform state rm and apply again.")
		resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
		return
	case importing:
		model.applyImport(refund)
		refundArguments.Remember(refund, &known)
		resp.Diagnostics.Append(refundArguments.Write(ctx, &model, known, resp.Private)...)
	}
	if drifts := refundArguments.Drifts(&model, refund, &known); len(drifts) > 0 {
		resp.Diagnostics.AddWarning("A refund is not what was applied",
			fmt.Sprintf("Refund %s:\n%s\nNothing is planned: a refund is never made again by itself.", id, remote.Listed(drifts)))
	}
	model.applyRemote(refund)
	warnFailedRefund(&model, resp.Diagnostics.AddWarning)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// aboutOtherImportIDs says which import ids other gateways have, where an id names none.
func aboutOtherImportIDs(refunders []gateway.Refunder, asked gateway.Refunder) string {
	var about strings.Builder
	for _, one := range refunders {
		if one.RefundTraits().IsOfPayment && !asked.RefundTraits().IsOfPayment {
			fmt.Fprintf(&about, " It was looked for at %s. The import id of one of %s is %s/<payment id>/<refund id>.", asked.Title(), one.Title(), one.Name())
		}
	}
	return about.String()
}

// readUnclear looks for a refund whose answer was lost, where the gateway lists refunds. It stays
// as it is until it is the only one that it can be.
func (r *refundResource) readUnclear(ctx context.Context, refunder gateway.Refunder, model *refundModel, req resource.ReadRequest, resp *resource.ReadResponse) {
	isAccepted := refundArguments.Read(ctx, model, req.Private).Accepted
	found, seen := r.seekUnclear(ctx, refunder, model, req)
	if found == nil {
		if isAccepted {
			warnAccepted(model, seen, "Every plan looks for it, and takes it into the state once it is there. It is not sent again, and until then nothing else of this payment is refunded. "+
				"If it does not come, look the payment up in the merchant's account.", &resp.Diagnostics)
		} else {
			model.outgoing().WarnUnclear(seen, &resp.Diagnostics)
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
		return
	}
	model.outgoing().NoteFound(r.run, model.importID(found.ID))
	model.applyRemote(found)
	warnFound(model, found, isAccepted, &resp.Diagnostics)
	warnFailedRefund(model, resp.Diagnostics.AddWarning)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	var known remote.Memory
	refundArguments.Remember(found, &known)
	resp.Diagnostics.Append(refundArguments.Write(ctx, model, known, resp.Private)...)
}

// warnFound says that an unclear refund is there. The error of a lost answer has tainted it; one
// that was accepted is no error.
func warnFound(model *refundModel, found *gateway.ShownRefund, isAccepted bool, diags *diag.Diagnostics) {
	about := model.outgoing().About
	if isAccepted {
		diags.AddWarning("The accepted refund is there", fmt.Sprintf("The gateway now shows the refund of %s, which it had accepted: it is refund %s, with the status %q.", about, found.ID, found.Status))
		return
	}
	diags.AddWarning("The earlier refund was made",
		fmt.Sprintf("The gateway now shows the refund of %s, whose answer was lost: it is refund %s, with the status %q. "+
			"If the apply that sent it has failed, Terraform has marked it as tainted, and plans to replace it, which is an error. To keep it: "+ledger.Untaint+".",
			about, found.ID, found.Status))
}

// seekUnclear returns the refund that was found, or what was seen instead.
func (r *refundResource) seekUnclear(ctx context.Context, refunder gateway.Refunder, model *refundModel, req resource.ReadRequest) (found *gateway.ShownRefund, seen string) {
	seeker, can := refunder.(gateway.RefundSeeker)
	if !can {
		return nil, ""
	}
	found, candidates, err := seeker.SeekRefund(ctx, model.order(r.run), refundArguments.Read(ctx, model, req.Private).Before)
	switch {
	case err != nil:
		return nil, fmt.Sprintf(" It was looked for, and that failed: %s.", err)
	case found != nil:
		return found, ""
	case len(candidates) == 0:
		return nil, " It was looked for among the refunds of the payment, and is not there yet."
	}
	var all strings.Builder
	for _, one := range candidates {
		all.WriteString("- " + one.Described(model.importID(one.ID)) + "\n")
	}
	if !slices.ContainsFunc(candidates, func(one gateway.ShownRefund) bool {
		return model.Amount.Number() == nil || one.Amount.Equal(model.Amount.Number().Decimal)
	}) {
		return nil, " The payment has no new refund of this amount, and new ones of other amounts:\n" + all.String() + "Find out in the merchant's account whether one of them is it."
	}
	return nil, " The payment has several new refunds that it may be:\n" + all.String() + "Find out in the merchant's account which one it is, and import that one."
}
