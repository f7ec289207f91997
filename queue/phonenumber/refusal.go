package phonenumber

// Refusal says why a number cannot be dialled and what would be right. It carries
// nothing of the number.
type Refusal struct{ Problem, Remedy string }

func (r *Refusal) Error() string { return "phone number: " + r.Problem + "; " + r.Remedy }

func refuse(problem, remedy string) error { return &Refusal{problem, remedy} }

// The remedies that several refusals share.
const (
	remedyForm       = "write it as 08xx..., 0 and the area code, or +62..."
	remedyCharacters = "use digits, spaces, dashes, dots, parentheses and one leading + only"
	remedySubscriber = "give the taxpayer's own mobile or fixed-line number"
	remedyForeign    = "give an Indonesian number"
	remedyDigits     = "check it for missing or doubled digits"
)
