package ledger

import (
	"cmp"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// Kind is refunds or payouts, with their words in messages.
type Kind struct {
	noun, resource string
	importID       string // for an example
	key            string // the attributes that make up the key
	// Errors about an unknown key point to keyAttribute, those about a key that two have
	// to twinAttribute.
	keyAttribute, twinAttribute string
	lookUp                      string // how a person finds out whether one was made
	ended                       string // how one ends without being made
	another                     string // how a further one gets another key
}

// Refunds send money back to a payer.
var Refunds = &Kind{
	noun: "refund", resource: "invoice_refund", importID: "…",
	key: "payment_id, amount and sequence", keyAttribute: "payment_id", twinAttribute: "amount",
	lookUp:  "look the payment up in the merchant's account, or ask the gateway's support",
	ended:   "failed",
	another: "- if a further refund of the same payment and amount is meant, give the new one another sequence, such as sequence = 2.",
}

// Payouts are invoices by which money goes out.
var Payouts = &Kind{
	noun: "payout", resource: "invoice_invoice", importID: "<gateway>/…",
	key: "order_id", keyAttribute: "order_id", twinAttribute: "order_id",
	lookUp:  "look at the store's payouts, or ask the gateway's support; with an order_id, every plan looks it up by that",
	ended:   "been canceled or expired",
	another: "- if another payout is meant, give it an order_id of its own.",
}

func (k *Kind) outcomeUnknown() string {
	return "The outcome of an earlier " + k.noun + " is unknown"
}

// Unclear tells the user about one that may have been made.
func (o Outgoing) Unclear() string {
	return o.Kind.mayHaveBeenMade(o.About) + ".\n\n" + o.waysOfUnclear()
}

func (k *Kind) mayHaveBeenMade(about string) string {
	return fmt.Sprintf("A %s of %s was sent, and what became of it is not known: it may have been made. It is not sent again", k.noun, about)
}

func (o Outgoing) waysOfUnclear() string {
	return fmt.Sprintf("To find out, %s. Then:\n"+
		"%s- if it was made: "+StateRm+", and import it by its id at the gateway:\n"+
		"  import {\n    to = %s.NAME\n    id = %q\n  }\n"+
		"- if it was not: "+StateRm+", and apply again;\n"+
		"- until you know, "+Untaint+" keeps it, and everything else can be planned and applied%s.",
		o.lookUp(), o.wayOfFound(), o.Kind.resource, cmp.Or(o.ImportExample, o.Kind.importID), o.exceptOfSource())
}

// exceptOfSource names what waits until an unclear one is settled.
func (o Outgoing) exceptOfSource() string {
	if o.Source == "" {
		return ""
	}
	return ", except further " + o.Kind.noun + "s of this payment"
}

func (o Outgoing) lookUp() string {
	if o.IsSought {
		return "plan again: every plan looks for it where the gateway lists it, and takes it into the state once it is there. Otherwise " + o.Kind.lookUp
	}
	return o.Kind.lookUp
}

// wayOfFound keeps one that a plan has found. An error of the creation has tainted it.
func (o Outgoing) wayOfFound() string {
	if o.IsSought {
		return "- if a plan has found it, keep it: " + Untaint + ";\n"
	}
	return ""
}

// WarnUnclear warns about an unclear one that was not found. seen says what the gateway shows
// instead, if it was asked.
func (o Outgoing) WarnUnclear(seen string, diags *diag.Diagnostics) {
	diags.AddWarning(o.Kind.outcomeUnknown(),
		fmt.Sprintf("It is unknown whether the %s of %s was made; its status is %q.%s\n\n%s", o.Kind.noun, o.About, StatusUnknown, seen, o.waysOfUnclear()))
}

func (k *Kind) notReplaced(name string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("A "+k.noun+" cannot be replaced",
		fmt.Sprintf("The %s has been sent, or may have been; replacing it would send money a second time. Nothing was sent:\n%s;\n"+
			"- for a further %s, add a new resource.", name, WaysAroundReplacement, k.noun))
}

// mayBeTheSame says that a new one without a key may be this unclear one.
func (e entry) mayBeTheSame() diag.Diagnostic {
	k, ways := e.Kind, e.waysOfUnclear()
	if e.byAction { // it is in no state
		ways = e.UnclearAction()
	}
	return diag.NewAttributeErrorDiagnostic(path.Root(k.keyAttribute), k.outcomeUnknown(),
		fmt.Sprintf("The plan does not know the %s of the new %s yet. It may be the %s.\n\n%s", k.key, k.noun, e.Name(), ways))
}

// unsettledBeside says that another one of the same source waits until this one is settled.
func (o Outgoing) unsettledBeside(other Outgoing) diag.Diagnostic {
	k := o.Kind
	return diag.NewAttributeErrorDiagnostic(path.Root(k.keyAttribute), k.outcomeUnknown(),
		fmt.Sprintf("The state holds the %s, and the %s is to be made beside it. How much is left is not known before the first one is settled. Nothing was sent.\n\n%s", o.Name(), other.Name(), o.waysOfUnclear()))
}

// mayBeMadeAgain says that a new one without a key may be this one, which the plan
// forgets.
func (o Outgoing) mayBeMadeAgain() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root(o.Kind.keyAttribute), "A "+o.Kind.noun+" may be made again",
		fmt.Sprintf("This plan forgets %s, and makes another one whose %s it does not know yet. It may be the same one under another name. Nothing was sent. Either:\n%s\n"+
			"- make %s known in the plan; or\n"+
			"- apply in two steps: first take the old one out, then add the new one.", o.Name(), o.Kind.key, renamedWay, o.Kind.key))
}

// UnclearAction tells the user about one that an action may have made.
func (o Outgoing) UnclearAction() string {
	again := ": invoked again, by hand or by a trigger, it sends the money again"
	if o.IsSought {
		again = ". Invoked again, it sends the money again unless the gateway shows the first by then"
	}
	return fmt.Sprintf("%s, and an action leaves nothing in the state%s.\n\n"+
		"To find out, %s. Invoke the action again only if it was not made.", o.Kind.mayHaveBeenMade(o.About), again, o.Kind.lookUp)
}

// repeatedBy says that a new one repeats this stored one, or may do so.
func (o Outgoing) repeatedBy(one entry) diag.Diagnostic { return entry{Outgoing: o}.mayBeTwinOf(one) }

// mayBeTwinOf says that a new one repeats this one, or may do so.
func (e entry) mayBeTwinOf(one entry) diag.Diagnostic {
	switch {
	case e.Key != "" && one.Key != "":
		return e.twinOf(one.byAction)
	case e.isNew:
		return e.Kind.mayBeMadeTwice()
	}
	return e.mayBeRepeatedByAction()
}

// mayBeMadeTwice says that an action and a resource may make the same one.
func (k *Kind) mayBeMadeTwice() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root(k.keyAttribute), "An action and a resource may make the same "+k.noun,
		fmt.Sprintf("An action of this run makes a %s, and a resource %s makes another one. The plan does not know all of their %s yet, so the two may be the same: "+
			"this run would refuse the second, and the next one would send it. Nothing was sent. Either:\n"+
			"- make %s known in the plan: first apply what they come from (-target); or\n"+
			"- keep only one of the two; or\n%s", k.noun, k.resource, k.key, k.key, k.another))
}

// mayBeRepeatedByAction says that an action whose key the plan does not know may make this
// stored one again.
func (o Outgoing) mayBeRepeatedByAction() diag.Diagnostic {
	k := o.Kind
	return diag.NewAttributeErrorDiagnostic(path.Root(k.keyAttribute), "An action may make a "+k.noun+" again",
		fmt.Sprintf("The state holds %s, and an action makes another one. The plan does not know all of its %s yet, so it may be the same, and the apply would not see that. Nothing was sent. Either:\n"+
			"- make %s known in the plan: first apply what they come from (-target); or\n%s", o.Name(), k.key, k.key, k.another))
}

// twinOf says that a new one, of an action or of a resource, repeats this one.
func (e entry) twinOf(action bool) diag.Diagnostic {
	switch {
	case e.isNew:
	case e.byAction:
		return e.madeByAction()
	case action && !e.IsUnclear:
		return e.heldByState()
	default:
		return e.twinOfStored()
	}
	return diag.NewAttributeErrorDiagnostic(path.Root(e.Kind.twinAttribute), "Two new "+e.Kind.noun+"s are the same",
		fmt.Sprintf("Another new %s has the same %s. Nothing was sent for this one.\n\n- if you want only one of them, take the other out;\n%s", e.Name(), e.Kind.key, e.Kind.another))
}

// twinOfStored says that a new one repeats this one, which the state holds.
func (o Outgoing) twinOfStored() diag.Diagnostic {
	k, at := o.Kind, path.Root(o.Kind.twinAttribute)
	switch {
	case o.IsUnclear && o.ID != "":
		return diag.NewAttributeErrorDiagnostic(at, "The earlier "+k.noun+" was made", fmt.Sprintf("The gateway never answered the creation of the %s of %s, and now shows it as %s. "+
			"An object with an unknown outcome is tainted, so Terraform plans a replacement. Keep it: "+Untaint+".", k.noun, o.About, o.ID))
	case o.IsUnclear:
		return diag.NewAttributeErrorDiagnostic(at, k.outcomeUnknown(),
			fmt.Sprintf("%s, nor is another one with the same %s.\n\n%s\n%s", k.mayHaveBeenMade(o.About), k.key, o.waysOfUnclear(), k.another))
	}
	ways := taintedWay + ";\n" + renamedWay + "\n"
	if o.IsPending {
		ways += fmt.Sprintf("- if it has %s since, terraform apply -refresh-only sees that;\n", k.ended)
	}
	return diag.NewAttributeErrorDiagnostic(at, "The "+k.noun+" is already in the state",
		fmt.Sprintf("The state holds %s, and the configuration asks for another one with the same %s. A %s is sent once: nothing was sent for this one.\n\n%s%s\n\n"+
			"deletion_protection = false lets Terraform forget the one in the state, but not make it again.", o.Name(), k.key, k.noun, ways, k.another))
}

// madeByAction says that a new one repeats this one, which an action of the same run has made.
func (e entry) madeByAction() diag.Diagnostic {
	k := e.Kind
	return diag.NewAttributeErrorDiagnostic(path.Root(k.twinAttribute), "An action has made the "+k.noun+" in this run",
		fmt.Sprintf("An action has sent the %s, and another one with the same %s was to follow. Nothing was sent for this one, but the next apply would send it.\n\n"+
			"- if you want only one of them, take this one out, or import the one that the action has made;\n%s", e.Name(), k.key, k.another))
}

// heldByState says that an action repeats this one, which the state holds.
func (e entry) heldByState() diag.Diagnostic {
	k := e.Kind
	return diag.NewAttributeErrorDiagnostic(path.Root(k.twinAttribute), "The "+k.noun+" is already in the state",
		fmt.Sprintf("The state holds %s, and an action asks for another one with the same %s. Nothing was sent by the action.\n\n"+
			"- if the action was to make the one in the state, that is done: take the action out;\n%s", e.Name(), k.key, k.another))
}
