package sandbox

import (
	"errors"
	"fmt"
)

// problem is an error that pages tell of in their own language. Programs get the
// error itself, which is English.
type problem struct {
	error
	text Text
}

func (p problem) Unwrap() error { return p.error }

// problemText is what a page says about an error.
func problemText(err error) Text {
	var told problem
	if errors.As(err, &told) {
		return told.text
	}
	return Textf("Внутренняя ошибка песочницы: %s", err.Error())
}

func (s *Sandbox) noSuchGateway(value string) error {
	allowed := Quoted(s.gatewayNames())
	return problem{fmt.Errorf("gateway %q: allowed are %s", value, allowed), Textf("Шлюза «%s» нет. Есть %s.", value, allowed)}
}

func noSuchFilter(name, allowed string) error {
	return problem{fmt.Errorf("%q: allowed are %s", name, allowed), Textf("Отбора «%s» нет. Есть %s.", name, allowed)}
}

func wrongLimit(value string, limit int) error {
	return problem{
		fmt.Errorf("limit %q: want a number from 1 to %d", value, limit),
		Textf("Число «%s» не подходит. Нужно число от 1 до %d.", value, limit),
	}
}

func noSuchAction(action string) error {
	return problem{fmt.Errorf("unknown action %q", action), Textf("Такого действия на этой странице нет: «%s».", action)}
}
