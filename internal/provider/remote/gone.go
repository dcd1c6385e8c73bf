package remote

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ReportGone removes from the state what is no longer there. That is no error: the next plan
// creates it again. While importing there is nothing to remove.
func ReportGone(ctx context.Context, importing bool, resp *resource.ReadResponse, object, seen string) {
	if importing {
		resp.Diagnostics.AddError("Cannot import "+object, fmt.Sprintf("Nothing was imported: %s.", seen))
		return
	}
	resp.Diagnostics.AddWarning("Gone at the gateway: "+object,
		fmt.Sprintf("It is removed from the state, since %s. The next apply creates it again if the configuration still has it.", seen))
	resp.State.RemoveResource(ctx)
}
