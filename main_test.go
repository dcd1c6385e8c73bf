package main

import (
	"os"
	"strings"
	"testing"
)

func TestQuietUnlessLogging(t *testing.T) {
	for _, c := range []struct {
		name, value string
		quiet       bool
	}{
		{"", "", true},
		{"TF_LOG", "", true},
		{"TF_LOG", "off", true},
		{"TF_LOG", "TRACE", false},
		{"TF_LOG_PROVIDER", "debug", false},
		{"TF_LOG_PROVIDER_INVOICE", "INFO", false},
		{"TF_ACC_LOG", "TRACE", false},
	} {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			for _, pair := range os.Environ() {
				if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "TF_LOG") || name == "TF_ACC_LOG" {
					t.Setenv(name, "")
				}
			}
			t.Setenv("TF_LOG_SDK", "")
			if c.name != "" {
				t.Setenv(c.name, c.value)
			}
			quietUnlessLogging()
			if quiet := os.Getenv("TF_LOG_SDK") == "OFF"; quiet != c.quiet {
				t.Errorf("TF_LOG_SDK=%q", os.Getenv("TF_LOG_SDK"))
			}
		})
	}
}
