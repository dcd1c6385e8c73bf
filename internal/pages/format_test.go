package pages

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// What readers copy is formatted as terraform fmt does it. The name of a file that is not says
// the page and the line. make lint does this for excerpts, whose files are in examples.
func TestBlocksAreFormatted(t *testing.T) {
	clitest.NeedCLI(t)
	folder := t.TempDir()
	for _, path := range pagesToRun(t) {
		for _, b := range readPage(t, path).blocks {
			if b.language == "terraform" && b.notRun == "" && b.excerpt == "" {
				must(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%d.tf", nameOf(path), b.line)), []byte(b.text), 0o600))
			}
		}
	}
	if output, err := exec.Command(os.Getenv("TF_ACC_TERRAFORM_PATH"), "fmt", "-check", "-diff", "-recursive", folder).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
