package realservers

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

func TestRedisKeepsDataOverKill(t *testing.T) {
	t.Parallel()
	s := Redis(t)
	if got := redisDo(t, s.Addr, "SET k v"); got != "+OK" {
		t.Fatalf("SET: %q", got)
	}
	s.Restart()
	if got := redisDo(t, s.Addr, "GET k"); got != "$1" {
		t.Fatalf("GET after a kill: %q, want the value", got)
	}
	s.Kill()
	if conn, err := net.DialTimeout("tcp", s.Addr, time.Second); err == nil {
		conn.Close()
		t.Fatal("a killed server still answers")
	}
}

func TestRedisConfig(t *testing.T) {
	t.Parallel()
	s := Redis(t, RedisConfig("appendonly", "no"))
	if got := redisDo(t, s.Addr, "CONFIG GET appendonly"); got != "*2" {
		t.Fatalf("CONFIG GET: %q", got)
	}
	if got := redisDo(t, s.Addr, "INFO persistence"); !strings.HasPrefix(got, "$") {
		t.Fatalf("INFO: %q", got)
	}
}

func TestRedisPause(t *testing.T) {
	t.Parallel()
	s := Redis(t)
	conn, err := net.Dial("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s.Pause()
	fmt.Fprint(conn, "PING\r\n")
	conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Fatal("a paused server answered")
	}
	s.Resume()
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || line != "+PONG\r\n" {
		t.Fatalf("after Resume: %q, %v", line, err)
	}
}

// redisDo returns the first line of the reply to an inline command.
func redisDo(t *testing.T, addr, command string) string {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(conn, command+"\r\n")
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}
