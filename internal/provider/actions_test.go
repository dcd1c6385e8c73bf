package provider

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
)

// Terraform 1.14 has actions. Over the plugin protocol any machine can test them.

// actionScene has a gateway, through which the provider of one run plans and invokes actions.
// Another run has made what is there.
type actionScene struct {
	*stopScene
	p *plugin6
}

func newActionScene(t *testing.T, dialect ...string) *actionScene {
	t.Helper()
	s := &actionScene{stopScene: newStopScene(t, dialect...)}
	s.nextRun()
	return s
}

// nextRun begins a run that knows nothing of the ones before.
func (s *actionScene) nextRun() *plugin6 {
	s.t.Helper()
	s.p = newPluginWith(s.t, testProvider(), s.front.URL, nil)
	s.box.ResetRequests()
	return s.p
}

// make creates what another run manages, and returns its id.
func (s *actionScene) make(typeName string, given map[string]tftypes.Value) (id string) {
	s.t.Helper()
	_ = s.calm.create(typeName, given)["id"].As(&id)
	s.box.ResetRequests()
	return id
}

func (s *actionScene) makeLink() (id string) {
	s.t.Helper()
	return s.make("invoice_payment_link", s.link(nil))
}

func (s *actionScene) makePayKeeper() (id string) {
	s.t.Helper()
	return s.make("invoice_invoice", s.invoice(s.key(), "paykeeper", map[string]tftypes.Value{"client_email": text("payer@example.com")}))
}

func (s *actionScene) makeP2P(direction string) (id string) {
	s.t.Helper()
	return s.make("invoice_invoice", s.invoice(s.key(), "p2p", s.p2p(direction)))
}

// sent checks how many calls of an operation have reached the gateway since the last look, in
// this order: an operation and its count.
func (s *actionScene) sent(operation string, want int) {
	s.t.Helper()
	if got := len(s.box.Requests(operation)); got != want {
		s.t.Errorf("%d × %s were sent, want %d", got, operation, want)
	}
}

func mailsOf(t *testing.T, box *gateways.Sandbox) int {
	t.Helper()
	outbox, err := box.PayKeeper.Outbox()
	if err != nil {
		t.Fatal(err)
	}
	return len(outbox)
}

// said is what a plan or an invocation of an action has said.
type said struct {
	t        testing.TB
	messages []*tfprotov6.Diagnostic
	progress []string
}

func (p *plugin6) actionConfig(typeName string, given map[string]tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	return p.encode(filled(p.schemas.ActionSchemas[typeName].Schema.ValueType(), given))
}

func (p *plugin6) actions() tfprotov6.ActionServer {
	server, _ := p.server.(tfprotov6.ActionServer)
	return server
}

func (p *plugin6) validateAction(typeName string, given map[string]tftypes.Value) said {
	p.t.Helper()
	resp, err := p.actions().ValidateActionConfig(context.Background(), &tfprotov6.ValidateActionConfigRequest{ActionType: typeName, Config: p.actionConfig(typeName, given)})
	p.ok(err, nil)
	return said{t: p.t, messages: resp.Diagnostics}
}

func (p *plugin6) planAction(typeName string, given map[string]tftypes.Value) said {
	p.t.Helper()
	resp, err := p.actions().PlanAction(context.Background(), &tfprotov6.PlanActionRequest{ActionType: typeName, Config: p.actionConfig(typeName, given)})
	p.ok(err, nil)
	return said{t: p.t, messages: resp.Diagnostics}
}

func (p *plugin6) invokeAction(typeName string, given map[string]tftypes.Value) said {
	p.t.Helper()
	stream, err := p.actions().InvokeAction(context.Background(), &tfprotov6.InvokeActionRequest{ActionType: typeName, Config: p.actionConfig(typeName, given)})
	p.ok(err, nil)
	all, completed := said{t: p.t}, 0
	for event := range stream.Events {
		switch one := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			all.progress = append(all.progress, one.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			completed++
			all.messages = one.Diagnostics
		}
	}
	if completed != 1 {
		p.t.Errorf("the action completed %d times", completed)
	}
	return all
}

// nothing checks that there is neither an error nor a warning.
func (s said) nothing() said {
	s.t.Helper()
	for _, d := range s.messages {
		s.t.Errorf("unexpected: %s at %s: %s\n%s", d.Severity, d.Attribute, d.Summary, d.Detail)
	}
	return s
}

// fails checks that there is one error, at an attribute ("" for none), with the phrases.
func (s said) fails(attribute string, phrases ...string) said {
	s.t.Helper()
	return s.has(tfprotov6.DiagnosticSeverityError, attribute, phrases)
}

// warns checks that there is one warning and no error.
func (s said) warns(attribute string, phrases ...string) said {
	s.t.Helper()
	return s.has(tfprotov6.DiagnosticSeverityWarning, attribute, phrases)
}

func (s said) has(severity tfprotov6.DiagnosticSeverity, attribute string, phrases []string) said {
	s.t.Helper()
	var texts []string
	count := 0
	for _, d := range s.messages {
		at := ""
		if steps := d.Attribute.Steps(); len(steps) > 0 {
			name, _ := steps[0].(tftypes.AttributeName)
			at = string(name)
		}
		text := d.Severity.String() + " at " + at + ": " + d.Summary + "\n" + d.Detail
		texts = append(texts, text)
		if d.Severity != severity {
			if d.Severity == tfprotov6.DiagnosticSeverityError {
				s.t.Errorf("unexpected: %s", text)
			}
			continue
		}
		count++
		isMissing := func(phrase string) bool { return !strings.Contains(text, phrase) }
		if at != attribute || slices.ContainsFunc(phrases, isMissing) {
			s.t.Errorf("want %s at %q with %q: %s", severity, attribute, phrases, text)
		}
	}
	if count != 1 {
		s.t.Errorf("%d × %s, want 1 with %q:\n%s", count, severity, phrases, strings.Join(texts, "\n"))
	}
	return s
}

// tells checks that the phrases are in the progress, in this order.
func (s said) tells(phrases ...string) said {
	s.t.Helper()
	rest := strings.Join(s.progress, "\n")
	for _, phrase := range phrases {
		at := strings.Index(rest, phrase)
		if at < 0 {
			s.t.Errorf("the progress does not say %q: %q", phrase, s.progress)
			continue
		}
		rest = rest[at+len(phrase):]
	}
	return s
}

func unknownText() tftypes.Value { return tftypes.NewValue(tftypes.String, tftypes.UnknownValue) }

func onGateway(gateway, id string) map[string]tftypes.Value {
	return map[string]tftypes.Value{"gateway": text(gateway), "id": text(id)}
}
