package api

import (
	"fmt"
	"net/http"
)

// board answers with the supervisor's wall. It is made once for all who look.
func (s *server) board(w http.ResponseWriter, r *http.Request, _ Token) error {
	text, err := s.Board.JSON(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if _, err := w.Write(text); err != nil {
		return fmt.Errorf("sending the board: %w", err)
	}
	return nil
}
