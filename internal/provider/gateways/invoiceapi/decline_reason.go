package invoiceapi

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// DeclineReasonTypes are those of what [DeclineReason] returns.
var DeclineReasonTypes = map[string]attr.Type{
	"code": types.StringType, "name": types.StringType, "description": types.StringType, "description_ru": types.StringType,
	"cause": types.StringType, "cause_ru": types.StringType,
}

// DeclineReason is what the decline code in a text means, and null where there is none that the
// guide knows: whoever shows a reason can show the text instead.
func DeclineReason(text string) types.Object {
	reason, known := invoiceapi.FindDeclineReason(text)
	if !known {
		return types.ObjectNull(DeclineReasonTypes)
	}
	return types.ObjectValueMust(DeclineReasonTypes, map[string]attr.Value{
		"code": types.StringValue(reason.Code), "name": types.StringValue(reason.Name),
		"description": types.StringValue(reason.Description), "description_ru": types.StringValue(reason.DescriptionRU),
		"cause": attributes.StringOrNull(reason.Cause), "cause_ru": attributes.StringOrNull(reason.CauseRU),
	})
}
