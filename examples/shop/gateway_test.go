package main

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// A gateway that is away is in the answer, and the notification comes again.
func TestShopSaysWhatItCannotAsk(t *testing.T) {
	st := open(t)
	t.Setenv("INVOICE_BASE_URL", "http://127.0.0.1:1")
	pay["invoice"](st, "A-1")
	delivery := st.delivery(1)
	sandboxtest.Equal(t, "state", delivery["state"], any("pending"))
	sandboxtest.Contains(t, fmt.Sprint(delivery["tries"]), "which order it is of", "connection refused")
}

// A shop with such settings would refuse everything, or believe everybody.
func TestShopChecksItsSettings(t *testing.T) {
	if os.Getenv("SHOP_RUNS") != "" {
		main()
	}
	for _, wrong := range []string{"INVOICE_BASE_URL=", "INVOICE_BASE_URL=127.0.0.1:8085", "INVOICE_API_KEY=", "SECRET_WORD="} {
		shop := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestShopChecksItsSettings$")
		shop.Env = append(os.Environ(), "SHOP_RUNS=1", "INVOICE_BASE_URL=http://127.0.0.1:1", "INVOICE_API_KEY=a", "SECRET_WORD=a", wrong)
		printed, err := shop.CombinedOutput()
		if err == nil {
			t.Errorf("%s is taken", wrong)
		}
		sandboxtest.Contains(t, string(printed), "set INVOICE_BASE_URL, INVOICE_API_KEY and SECRET_WORD")
	}
}
