// Package clitest runs the real CLI, Terraform or OpenTofu, for a test: on a
// folder of its own, with the provider in the test's process and a sandbox of the
// gateways behind it. It shows what the SDK's plugin-testing does not: warnings,
// destroying from odd states, saved plans, and what was sent to the gateways.
//
// A test writes a configuration, runs the CLI, and says what has to follow:
//
//	w := clitest.New(t, provider.Server("test")()) // a sandbox, and a folder
//	w.MustApply(terminal)                           // works, and leaves nothing to do
//	w.Sent("CreateTerminal", 1)                     // at the gateway
//	w.StateHas("invoice_terminal.web", map[string]any{"type": "dynamic"})
//	w.Forget("invoice_terminal.web")                // terraform state rm
//	w.Apply().Succeeds().Warns("An existing object was adopted")
//	w.Plan().Succeeds().SaysNothing().ChangesNothing()
//	w.Write(strings.Replace(terminal, `alias = "web"`, `alias = ""`, 1))
//	w.Plan().Fails("@alias", "must be between 1 and 50")   // at that line, with that phrase
//
// The provider's settings and required_providers are added to a configuration that has none.
// Sandbox pays, changes and deletes objects behind Terraform's back, and loses answers.
// GatewayThatAnswers puts a gateway of the test's own before it. ServeProgram runs the provider
// as a process. Interrupt presses Ctrl-C.
//
// Every test that needs a CLI calls NeedCLI, if only through New. NeedCLI skips the test where
// there is no CLI, or one that lacks a feature that the test names.
package clitest
