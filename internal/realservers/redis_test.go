package realservers

import (
	"bufio"
	"fmt"
	"net"
	"testing"
	"time"
)

func TestRedisKeepsDataOverKill(t *testing.T) {
	t.Parallel()
	s := Redis(t)
	if got := redisDo(t, s.Addr, "SET k v", 1); got != "+OK" {
		t.Fatalf("SET: %q", got)
	}
	s.Restart()
	if got := redisDo(t, s.Addr, "GET k", 2); got != "v" {
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
	for want, s := range map[string]*RedisServer{
		"yes": Redis(t),
		"no":  Redis(t, RedisConfig("appendonly", "no")),
	} {
		if got := redisDo(t, s.Addr, "CONFIG GET appendonly", 5); got != want {
			t.Errorf("appendonly is %q, want %q", got, want)
		}
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

// redisDo sends an inline command and returns that line of its reply.
func redisDo(t *testing.T, addr, command string, line int) string {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(conn, command+"\r\n")
	reply := bufio.NewScanner(conn)
	for range line {
		if !reply.Scan() {
			t.Fatalf("%s: no line %d in the reply: %v", command, line, reply.Err())
		}
	}
	return reply.Text()
}
