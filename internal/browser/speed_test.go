package browser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"testing"
)

const (
	manyLinks = 1000
	// maxFactor is how many times longer a page may take with many links than with few.
	maxFactor = 12
	// minAnswer is the shortest time, in milliseconds, that a ratio means something of.
	minAnswer = 5
)

// TestSpeedWithManyLinks measures every page as the browser does, in a sandbox in which each
// gateway has a thousand links, beside one with few. Times are those of one machine at one
// moment, so only their ratio counts, and the fastest of some tries.
func TestSpeedWithManyLinks(t *testing.T) {
	few, many := openShop(t), openShop(t)
	fewPages, manyPages := few.everyPage(), many.everyPage()
	many.multiply("invoice", "payments")
	many.multiply("paykeeper", "invoices")
	many.multiply("p2p", "invoices")
	atFew, atMany := newPerson(t, few.URL, "ru"), newPerson(t, many.URL, "ru")
	for i, page := range manyPages {
		var withFew, withMany float64
		for try := range 8 {
			withFew = fastest(try, withFew, atFew.timeToAnswer(fewPages[i].address))
			withMany = fastest(try, withMany, atMany.timeToAnswer(page.address))
			if withMany < maxFactor/2*max(withFew, minAnswer) {
				break
			}
		}
		t.Logf("%-30s %4.0f ms with few links, %4.0f ms with %d", page.name, withFew, withMany, manyLinks)
		if withMany >= maxFactor*max(withFew, minAnswer) {
			t.Errorf("%s: %.0f ms with %d links at each gateway, and %.0f ms with few: want less than %d times as much",
				page.name, withMany, manyLinks, withFew, maxFactor)
		}
	}
}

func fastest(try int, soFar, now float64) float64 {
	if try == 0 {
		return now
	}
	return min(soFar, now)
}

// timeToAnswer opens a page, and says how many milliseconds its answer took.
func (p *person) timeToAnswer(address string) float64 {
	p.t.Helper()
	p.open(address)
	return evaluate[float64](p, `performance.getEntriesByType('navigation')[0].responseEnd - performance.getEntriesByType('navigation')[0].requestStart`)
}

// multiply copies the objects of one kind until there are manyLinks of them.
func (s *shop) multiply(gateway, kind string) {
	s.T.Helper()
	response, err := http.Get(s.URL + "/sandbox/fixtures")
	must(s.T, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(s.T, err)
	var fixtures map[string]json.RawMessage // of the gateways, and the time
	must(s.T, json.Unmarshal(body, &fixtures))
	var kinds map[string][]map[string]json.RawMessage
	must(s.T, json.Unmarshal(fixtures[gateway], &kinds))
	objects := kinds[kind]
	for i := 0; len(objects) < manyLinks; i++ {
		object := maps.Clone(objects[i])
		delete(object, "number")
		object["id"] = json.RawMessage(fmt.Sprintf("%q", fmt.Sprintf("%017d", i)))
		objects = append(objects, object)
	}
	kinds[kind] = objects
	fixtures[gateway], err = json.Marshal(kinds)
	must(s.T, err)
	body, err = json.Marshal(fixtures)
	must(s.T, err)
	taken, err := http.Post(s.URL+"/sandbox/fixtures", "application/json", bytes.NewReader(body))
	must(s.T, err)
	defer taken.Body.Close()
	answer, err := io.ReadAll(taken.Body)
	must(s.T, err)
	if taken.StatusCode != http.StatusNoContent {
		s.T.Fatalf("fixtures: %d %.500s", taken.StatusCode, answer)
	}
}
