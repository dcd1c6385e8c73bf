package sandbox

import (
	"net/http"
	"sync"
)

// The key pair that calls of the merchant invoices API must be signed with,
// unless Options say otherwise.
const (
	DemoP2PAPIKey    = "demo-api-key" //nolint:gosec // demo data
	DemoP2PSecretKey = "demo-secret-key"
)

// Where the merchant invoices API and its page are mounted. The API's own
// paths start with /api/merchant (document, «Создание инвойса»).
const (
	p2pPath     = "/p2p"
	p2pAPIPath  = p2pPath + "/api/merchant"
	p2pPagePath = p2pPath + "/invoice"
)

// p2pState is what is not kept in the database.
type p2pState struct {
	// mu guards last, by invoice: it is closed once the invoice's newest
	// notification has been tried, so that the next one arrives after it.
	mu   sync.Mutex
	last map[string]chan struct{}
}

var p2pGateway = gateway{
	schema: p2pSchema,
	routes: func(s *Sandbox, mux *http.ServeMux) {
		for _, method := range p2pMethods {
			mux.HandleFunc(method.verb+" "+p2pAPIPath+method.path, func(w http.ResponseWriter, r *http.Request) { s.p2pAPI(w, r, method) })
		}
		mux.HandleFunc("GET "+p2pPagePath, s.p2pPage)
		mux.HandleFunc("POST "+p2pPagePath, s.p2pPress)
		mux.HandleFunc(p2pAPIPath+"/", func(w http.ResponseWriter, _ *http.Request) {
			p2pWrite(w, http.StatusNotFound, p2pMessages{{"Not Found"}})
		})
	},
	environment: func(s *Sandbox, base string) []Variable {
		return []Variable{
			{"INVOICE_P2P_BASE_URL", base + p2pPath},
			{"INVOICE_P2P_API_KEY", s.options.P2PAPIKey},
			{"INVOICE_P2P_SECRET_KEY", s.options.P2PSecretKey},
		}
	},
	overview:   (*Sandbox).p2pOverview,
	tick:       func(s *Sandbox) { _ = s.sweepP2P() }, // What fails here shows at the next call.
	operations: []string{"p2p.create", "p2p.read", "p2p.cancel", "p2p.start-deal", "p2p.internal-id"},
	switches:   p2pSwitches,
}

var p2pSwitches = []Switch{
	textSwitch("p2p_answer", "answers with an invoice: the object (samples [V]) or an array of one (document, in words)",
		func(d *Dialect) *string { return &d.P2PAnswer }, "object", "array"),
	textSwitch("p2p_repeated_internal_id", "creating with an internalId used before [?]: a new invoice or an error",
		func(d *Dialect) *string { return &d.P2PRepeatedInternalID }, "new", "error"),
	textSwitch("p2p_internal_id", "whether the server has the look-up by internal id (one unverified claim), or answers 404",
		func(d *Dialect) *string { return &d.P2PInternalID }, "true", "false"),
	textSwitch("p2p_requisites", "whether deals find requisites, or answers have \"deals\": [] [P]",
		func(d *Dialect) *string { return &d.P2PRequisites }, "free", "none"),
	textSwitch("p2p_cancel", "cancel's answer, 200 [P] either way: the invoice, or nothing",
		func(d *Dialect) *string { return &d.P2PCancel }, "body", "empty"),
	textSwitch("p2p_repeated_cancel", "canceling what is canceled or expired [?]: an error, or 200",
		func(d *Dialect) *string { return &d.P2PRepeatedCancel }, "error", "ok"),
	numberSwitch("p2p_error_status", "HTTP status of refused requests (4xx [P])",
		func(d *Dialect) *int { return &d.P2PErrorStatus }, "400", "422"),
	textSwitch("p2p_sums", "what was received and the fee, once paid [?]: objects like sum, or amounts such as \"1000.00\"",
		func(d *Dialect) *string { return &d.P2PSums }, "object", "amount"),
	numberSwitch("p2p_payout_subunit", "decimals of payoutSum [?]",
		func(d *Dialect) *int { return &d.P2PPayoutSubunit }, "2", "6"),
	textSwitch("p2p_paid", "the word for a paid invoice; others than paid once its sum was corrected [P]",
		func(d *Dialect) *string { return &d.P2PPaid }, "paid", "recalculated", "recalculation", "re_calculation"),
	textSwitch("p2p_deals", "deals: a list (document), the last one alone as \"deal\" [P], or both",
		func(d *Dialect) *string { return &d.P2PDeals }, "list", "single", "both"),
	textSwitch("p2p_deal_requisites", "a deal's requisites: an object (document), phone or cardNumber inside it, or phone and one of the others in its place [P]",
		func(d *Dialect) *string { return &d.P2PDealRequisites }, "object", "inside", "cardNumber", "card"),
}
