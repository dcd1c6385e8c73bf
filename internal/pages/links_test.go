package pages

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

// These name files of the repository from elsewhere. The registry is the one place that shows
// pages without .md.
var (
	onGitHub   = regexp.MustCompile(`^https://(?:github\.com/invoice-iac/terraform-provider-invoice/(?:blob|raw|edit)|raw\.githubusercontent\.com/invoice-iac/terraform-provider-invoice)/main/([^#?]+)`)
	treeThere  = regexp.MustCompile(`^https://github\.com/invoice-iac/terraform-provider-invoice/tree/main/([^#?]+)`)
	onRegistry = regexp.MustCompile(`^https://registry\.terraform\.io/providers/invoice-iac/invoice/latest/docs/([^#?]+)`)
	lineOfFile = regexp.MustCompile(`^L\d+(-L\d+)?$`)
)

// checkLinks checks that each link leads somewhere. Links to other sites are only read.
func (p *page) checkLinks(site *site) {
	for _, l := range p.links {
		if problem := p.problemOf(site, l.destination); problem != "" {
			p.complain(l.line, "the link %s: %s", l.destination, problem)
		}
	}
}

func (p *page) problemOf(site *site, destination string) string {
	target, err := url.Parse(destination)
	if err != nil {
		return err.Error()
	}
	if found := onGitHub.FindStringSubmatch(destination); found != nil {
		return site.problemAt(found[1], target.Fragment, false)
	}
	if found := treeThere.FindStringSubmatch(destination); found != nil {
		return site.problemAt(found[1], target.Fragment, true)
	}
	if found := onRegistry.FindStringSubmatch(destination); found != nil {
		return site.problemAt("docs/"+found[1]+".md", target.Fragment, false)
	}
	switch {
	case target.Scheme == "mailto":
		return ""
	case target.Scheme == "https" || target.Scheme == "http":
		if target.Host == "" {
			return "it names no host"
		}
		return ""
	case target.Scheme != "" || target.Host != "" || strings.HasPrefix(target.Path, "/"):
		return "it is neither relative nor a web address"
	case target.Path == "":
		return site.problemAt(p.path, target.Fragment, false)
	}
	name := path.Join(path.Dir(p.path), target.Path)
	if strings.HasPrefix(p.path, "docs/") && !strings.HasPrefix(name, "docs/") {
		return "it leaves docs/, and the registries have nothing else: name it by its address at GitHub"
	}
	_, isFolder := site.exists(name)
	return site.problemAt(name, target.Fragment, isFolder)
}

// problemAt says what is wrong with a link to a file or folder of the repository.
func (s *site) problemAt(name, fragment string, wantsFolder bool) string {
	isThere, isFolder := s.exists(name)
	switch {
	case !isThere:
		return name + " does not exist"
	case isFolder && !wantsFolder:
		return name + " is a folder"
	case !isFolder && wantsFolder:
		return name + " is no folder"
	case fragment == "" || s.pages[name] != nil && s.pages[name].anchors[fragment]:
		return ""
	case s.pages[name] == nil && lineOfFile.MatchString(fragment):
		return ""
	}
	return name + " has no #" + fragment
}
