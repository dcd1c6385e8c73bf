package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// genericProvider is another provider, of which the CLI wants only the schema: it loads the
// providers of everything that is in the state. Whatever else it asks crashes the test.
type genericProvider struct {
	tfprotov6.ProviderServer
	typeName string
}

func (p genericProvider) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	return &tfprotov6.GetMetadataResponse{Resources: []tfprotov6.ResourceMetadata{{TypeName: p.typeName}}}, nil
}

func (p genericProvider) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		Provider:        &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}},
		ResourceSchemas: map[string]*tfprotov6.Schema{p.typeName: {Block: &tfprotov6.SchemaBlock{}}},
	}, nil
}

func (p genericProvider) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (p genericProvider) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

// ownedByGeneric gives an object to another provider: the state is as that provider stores it, and
// has nothing else.
func ownedByGeneric(w *clitest.Workspace, address, typeName string, attributes map[string]any) {
	w.T.Helper()
	w.ServeBeside(newServer(testProvider()), address, genericProvider{typeName: typeName})
	host := "registry.terraform.io"
	if other := os.Getenv("TF_ACC_PROVIDER_HOST"); other != "" {
		host = other
	}
	text, err := json.Marshal(map[string]any{
		"version": 4, "serial": 99, "lineage": "6f2c0e0e-9d0c-4a3c-8f0e-2f6a3a0b8a11", "outputs": map[string]any{},
		"resources": []any{map[string]any{
			"mode": "managed", "type": typeName, "name": "old", "provider": fmt.Sprintf(`provider["%s/%s"]`, host, address),
			"instances": []any{map[string]any{"schema_version": 0, "attributes": attributes}},
		}},
	})
	w.Must(err)
	w.Must(os.WriteFile(filepath.Join(w.Dir, "terraform.tfstate"), text, 0o600))
	w.Sandbox.ResetRequests()
}

// A link that a generic provider has made is taken over with a moved block: the first apply takes
// into the state what the gateway never gives back, and nothing is issued or closed.
func TestLinkOfAGenericProviderIsMoved(t *testing.T) {
	clitest.NeedCLI(t, clitest.MovedBetweenTypes) // TestMovedLinkIsTakenAsAfterAnImport tests the protocol
	for address, typeName := range map[string]string{"mastercard/restapi": "restapi_object", "magodo/restful": "restful_resource"} {
		t.Run(typeName, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(linkConfig)
			id := w.OnlyPayment().ID
			w.Forget(linkAddress)
			ownedByGeneric(w, address, typeName, map[string]any{
				"id": id, "path": "/CreatePayment", "read_path": "/GetPayment",
				"api_response": fmt.Sprintf(`{"id":%q}`, id), "output": fmt.Sprintf(`{"id":%q}`, id),
			})
			// The terminal of the link is in the state of another configuration.
			terminal := fmt.Sprintf("%q", w.OnlyPayment().TerminalID)
			config := strings.Replace(linkBody, "invoice_terminal.web.id", terminal, 1)
			block := movedBlock(typeName+".old", linkAddress)

			w.Write(withLine(config, "amount", `amount = "7"`) + block)
			w.Plan().Fails("@amount", "The imported object cannot be changed", `The gateway has amount = "1500.50"`)
			w.Write(config + block)
			w.Plan("-refresh=false").Fails("A moved object was not read yet", id)
			w.Plan().Succeeds().SaysNothing().Changes(map[string]string{linkAddress: "update"})
			w.Apply().Succeeds().SaysNothing()
			w.StateHas(linkAddress, map[string]any{"id": id, "order_id": "order-1", "status": "init", "success_url": "https://example.com/ok"})
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Write(config)
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("CreatePayment", 0)
			w.Sent("ClosePayment", 0)

			w.Write(withLine(config, "amount", `amount = "7"`))
			w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).Warns("A new payment link will be issued")
		})
	}
}

// What the gateway does not know, or shows as closed, is not issued again by a move.
func TestMovedLinkThatIsGoneIsAnError(t *testing.T) {
	clitest.NeedCLI(t, clitest.MovedBetweenTypes)
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	id := w.OnlyPayment().ID
	w.Must(w.Sandbox.InvoiceAPI.SetPaymentStatus(id, "closed", ""))
	for object, phrase := range map[string]string{id: "it is closed", "nobodys": "the gateway knows no such payment"} {
		ownedByGeneric(w, "mastercard/restapi", "restapi_object", map[string]any{"id": object, "path": "/CreatePayment"})
		w.Write(linkConfig + movedBlock("restapi_object.old", linkAddress))
		w.Apply().Fails("Cannot import payment "+object, phrase)
	}
	ownedByGeneric(w, "mastercard/restapi", "restapi_object", map[string]any{"id": id, "path": "/CreateInvoice"})
	w.Apply().Fails("Cannot move a restapi_object to a payment_link", "/CreateInvoice", "Nothing was changed", "import {")
	w.Sent("CreatePayment", 0)
}

// A refund that was made elsewhere is not made again.
func TestRefundOfAGenericProviderIsMoved(t *testing.T) {
	clitest.NeedCLI(t, clitest.MovedBetweenTypes)
	w, payment := newPaidWorkspace(t)
	w.MustApply(refundConfig(payment))
	refund := w.Refunds()[0].ID
	ownedByGeneric(w, "mastercard/restapi", "restapi_object", map[string]any{"id": refund, "path": "/CreateRefund", "read_path": "/GetRefund"})
	w.Write(refundConfig(payment) + movedBlock("restapi_object.old", refundAddress))
	w.Plan("-refresh=false").Fails("A moved object was not read yet", refund)
	w.Apply().Succeeds().SaysNothing().Changes(map[string]string{refundAddress: "update"})
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.StateHas(refundAddress, map[string]any{"id": refund, "payment_id": payment, "deletion_protection": true})
	w.Destroy().Fails()
	w.Sent("CreateRefund", 0)
	if got := len(w.Refunds()); got != 1 {
		t.Errorf("%d refunds", got)
	}
}

func TestTerminalOfAGenericProviderIsMoved(t *testing.T) {
	clitest.NeedCLI(t, clitest.MovedBetweenTypes)
	w := newWorkspace(t)
	w.MustApply(terminalConfig)
	id := w.Attributes(branchAddress)["id"]
	ownedByGeneric(w, "mastercard/restapi", "restapi_object", map[string]any{"id": id, "path": "/CreateTerminal", "data": `{"alias":"mira-12","name":"Кофейня на Мира"}`})
	w.Write(terminalConfig + movedBlock("restapi_object.old", branchAddress))
	w.Plan("-refresh=false").Fails("A moved object was not read yet", "mira-12")
	w.Apply().Succeeds().Changes(map[string]string{branchAddress: "update"})
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.StateHas(branchAddress, map[string]any{"id": id, "alias": "mira-12"})
	w.Sent("CreateTerminal", 0)
}
