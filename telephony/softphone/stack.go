package softphone

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"sync"

	"github.com/emiago/sipgo/sip"
)

// stack is SIP up to the transaction layer (RFC 3261, sections 17 and 18) on
// one UDP socket; dialogs are the phone's.
type stack struct {
	addr         netip.AddrPort
	conn         net.PacketConn
	transport    *sip.TransportLayer
	transactions *sip.TransactionLayer
	quiet        *slog.Logger
	inlet        *inlet
	reading      sync.WaitGroup
	closing      sync.Once
}

// openStack takes the socket. serve must follow.
func openStack(addr netip.AddrPort) (*stack, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(addr))
	if err != nil {
		return nil, err
	}
	// The library logs whole messages, with the numbers in them.
	quiet := slog.New(slog.DiscardHandler)
	return &stack{
		addr: conn.LocalAddr().(*net.UDPAddr).AddrPort(),
		conn: conn,
		transport: sip.NewTransportLayer(net.DefaultResolver, sip.NewParser(), nil,
			sip.WithTransportLayerLogger(quiet)),
		quiet: quiet,
	}, nil
}

// serve begins to read. admit sees every message first, on the reading
// goroutine; handle gets every new request, each on a goroutine of its own.
func (s *stack) serve(admit func(sip.Message), handle func(*sip.Request, *sip.ServerTx)) {
	s.transport.OnMessage(admit) // before the transaction layer, which adds itself second
	s.transactions = sip.NewTransactionLayer(s.transport, sip.WithTransactionLayerLogger(s.quiet),
		sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {}))
	s.transactions.OnRequest(handle)
	s.inlet = newInlet(s.conn)
	s.reading.Go(func() { s.transport.ServeUDP(s.inlet) }) // returns when the inlet is released
	<-s.inlet.ready                                        // from here on the transport sends through our socket
}

// close ends all transactions and the socket, and waits for the reading
// goroutine. What goroutines of the library are still under way find a dead
// connection, where they would open a new one if they found none.
func (s *stack) close() error {
	var err error
	s.closing.Do(func() {
		s.transactions.Close()
		sources := s.inlet.stop()
		for _, addr := range append(sources, s.addr.String()) {
			s.transport.Pool("udp").Add(addr, deadConnection{s.conn.LocalAddr()})
		}
		close(s.inlet.release)
		s.reading.Wait()
		err = s.conn.Close()
	})
	return err
}

// uri is an address at this stack.
func (s *stack) uri(user string) sip.Uri {
	return sip.Uri{Scheme: "sip", User: user, Host: s.addr.Addr().String(), Port: int(s.addr.Port())}
}

// roundTrip sends a request in a new transaction and waits for its final
// response.
func (s *stack) roundTrip(ctx context.Context, req *sip.Request) (*sip.Response, error) {
	tx, err := s.transactions.Request(ctx, req)
	if err != nil {
		return nil, err
	}
	defer tx.Terminate()
	for {
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				return res, nil
			}
		case <-tx.Done():
			return nil, tx.Err()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
