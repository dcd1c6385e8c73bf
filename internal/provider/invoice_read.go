package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

func (r *invoiceResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model invoiceResourceModel
	resp.Diagnostics.Append(gateway.Read(ctx, req.State, &model, &model.Objects)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
	importing := model.Amount.IsNull() // right after an import only gateway and id are known
	a := r.adapterOf(&model.Invoice)
	if resp.Diagnostics.HasError() || !a.Refresh(importing, &resp.Diagnostics) {
		return
	}
	resp.Diagnostics.Append(ledger.UnmarkDestroy(ctx, resp.Private)...)
	switch {
	case gateway.IsPayout(a, &model.Invoice):
		r.readPayout(ctx, a, &model, req, resp)
		return
	case model.IsUnclear():
		r.readUnclear(ctx, a, &model, resp)
		return
	}
	name, wasPaid := invoiceName(&model.Invoice), model.IsPaid()
	shown, err := a.Find(ctx, &model.Invoice)
	switch {
	case err != nil:
		gateway.FailedCall{Attempt: "read " + name}.Report(&resp.Diagnostics, err)
		return
	case wasPaid: // it stays, whatever it shows
	case shown == nil:
		remote.ReportGone(ctx, importing, resp, name, "the gateway knows no such invoice")
		return
	case shown.Gone != "":
		remote.ReportGone(ctx, importing, resp, name, shown.Gone)
		return
	}
	known, arguments := remote.Read(ctx, req.Private), gateway.InvoiceArguments(a)
	switch {
	case importing:
		model.ApplyRemote(a, shown)
		arguments.Import(&model.Invoice, shown)
		arguments.Remember(shown, &known)
		model.WhenUnpayable = types.StringValue(unpayableKeep)
	case wasPaid || shown.WasPaid():
		readPaid(&model.Invoice, a, shown, &known, &resp.Diagnostics)
	default:
		model.ApplyRemote(a, shown)
		arguments.Refresh(&model.Invoice, shown, &known)
	}
	model.fillProtection(gateway.IsPayout(a, &model.Invoice))
	unpayable := !model.IsPaid() && shown.IsExpired && !gateway.IsPayout(a, &model.Invoice)
	if unpayable && !known.Unpayable && model.WhenUnpayable.ValueString() == unpayableKeep {
		resp.Diagnostics.AddWarning("An invoice can no longer be paid",
			fmt.Sprintf("The %s has expired. It is kept; to issue a new one, set when_unpayable = %q.", name, unpayableRenew))
	}
	known.Unread, known.Unpayable = false, unpayable
	resp.Diagnostics.Append(known.Write(ctx, resp.Private)...)
	resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, &model, model.Objects)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
}
