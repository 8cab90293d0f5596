// Live handshakes between fengqiao-conform and flynn/noise: two patterns, both roles, then
// 1,000 messages each way.
// usage: noise_go PROGRAM
package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"strings"

	"github.com/flynn/noise"
)

const (
	messages   = 1000
	payloadMax = 2000
)

var (
	suite   = noise.NewCipherSuite(noise.DH25519, noise.CipherChaChaPoly, noise.HashBLAKE2b)
	dice    = rand.New(rand.NewSource(7))
	lengths = map[string][]int{"XK": {48, 48, 64}, "XXpsk0": {48, 96, 64}}
)

func random(n int) []byte {
	out := make([]byte, n)
	dice.Read(out)
	return out
}

func encode(data []byte) string {
	if len(data) == 0 {
		return "-"
	}
	return hex.EncodeToString(data)
}

func decode(text string) ([]byte, error) {
	if text == "-" {
		return nil, nil
	}
	return hex.DecodeString(text)
}

// A side reads and writes messages; the handshake's first, then transport.
type side interface {
	write(payload []byte) ([]byte, error)
	read(message []byte) ([]byte, error)
	hash() (string, error)
}

// ours: one side in fengqiao-conform.
type ours struct {
	in  io.Writer
	out *bufio.Reader
}

func (o *ours) ask(request string) (string, error) {
	if _, err := fmt.Fprintln(o.in, request); err != nil {
		return "", err
	}
	answer, err := o.out.ReadString('\n')
	if err != nil {
		return "", err
	}
	answer = strings.TrimSuffix(answer, "\n")
	if answer == "bad" || strings.HasPrefix(answer, "error") {
		return "", fmt.Errorf("%.40s: %s", request, answer)
	}
	return answer, nil
}

func (o *ours) write(payload []byte) ([]byte, error) {
	answer, err := o.ask("noise-write " + encode(payload))
	if err != nil {
		return nil, err
	}
	return decode(answer)
}

func (o *ours) read(message []byte) ([]byte, error) {
	answer, err := o.ask("noise-read " + encode(message))
	if err != nil {
		return nil, err
	}
	return decode(answer)
}

func (o *ours) hash() (string, error) { return o.ask("noise-hash") }

// theirs: one side in flynn/noise.
type theirs struct {
	state         *noise.HandshakeState
	isInitiator   bool
	send, receive *noise.CipherState
}

// finish keeps the two ciphers once the handshake gives them.
func (t *theirs) finish(first, second *noise.CipherState) {
	if first == nil {
		return
	}
	t.send, t.receive = first, second
	if !t.isInitiator {
		t.send, t.receive = second, first
	}
}

func (t *theirs) write(payload []byte) ([]byte, error) {
	if t.send != nil {
		return t.send.Encrypt(nil, nil, payload)
	}
	message, first, second, err := t.state.WriteMessage(nil, payload)
	if err == nil {
		t.finish(first, second)
	}
	return message, err
}

func (t *theirs) read(message []byte) ([]byte, error) {
	if t.receive != nil {
		return t.receive.Decrypt(nil, nil, message)
	}
	payload, first, second, err := t.state.ReadMessage(nil, message)
	if err == nil {
		t.finish(first, second)
	}
	return payload, err
}

func (t *theirs) hash() (string, error) {
	return encode(t.state.ChannelBinding()), nil
}

func start(o *ours, pattern string, areWeInitiator bool) (*theirs, noise.DHKey, error) {
	prologue, psk := random(36), random(32)
	ourKeys, err := suite.GenerateKeypair(dice)
	if err != nil {
		return nil, ourKeys, err
	}
	theirKeys, err := suite.GenerateKeypair(dice)
	if err != nil {
		return nil, ourKeys, err
	}
	config := noise.Config{CipherSuite: suite, Random: dice, Initiator: !areWeInitiator,
		Prologue: prologue, StaticKeypair: theirKeys}
	request := "noise-start Noise_" + pattern + "_25519_ChaChaPoly_BLAKE2b"
	if areWeInitiator {
		request += " init"
	} else {
		request += " resp"
	}
	request += " prologue=" + encode(prologue) + " static=" + encode(ourKeys.Private) +
		" ephemeral=" + encode(random(32))
	if pattern == "XK" {
		config.Pattern = noise.HandshakeXK
		if areWeInitiator {
			request += " remote_static=" + encode(theirKeys.Public)
		} else {
			config.PeerStatic = ourKeys.Public
		}
	} else {
		config.Pattern = noise.HandshakeXX
		config.PresharedKey = psk
		config.PresharedKeyPlacement = 0
		request += " psk=" + encode(psk)
	}
	if _, err := o.ask(request); err != nil {
		return nil, ourKeys, err
	}
	state, err := noise.NewHandshakeState(config)
	return &theirs{state: state, isInitiator: !areWeInitiator}, ourKeys, err
}

func pass(from, to side, payload []byte) (int, error) {
	message, err := from.write(payload)
	if err != nil {
		return 0, err
	}
	got, err := to.read(message)
	if err != nil {
		return 0, err
	}
	if !bytes.Equal(got, payload) {
		return 0, fmt.Errorf("read %x, written was %x", got, payload)
	}
	return len(message), nil
}

func handshake(o *ours, t *theirs, pattern string, areWeInitiator bool) error {
	sides := [2]side{o, t}
	if !areWeInitiator {
		sides = [2]side{t, o}
	}
	for i, expected := range lengths[pattern] {
		length, err := pass(sides[i%2], sides[1-i%2], nil)
		if err != nil {
			return fmt.Errorf("handshake message %d: %w", i, err)
		}
		if length != expected {
			return fmt.Errorf("handshake message %d has %d bytes", i, length)
		}
	}
	ourHash, err := o.hash()
	if err != nil {
		return err
	}
	if theirHash, _ := t.hash(); ourHash != theirHash {
		return fmt.Errorf("handshake hash %s, theirs %s", ourHash, theirHash)
	}
	return nil
}

func talk(o *ours, pattern string, areWeInitiator bool) error {
	t, ourKeys, err := start(o, pattern, areWeInitiator)
	if err != nil {
		return err
	}
	if err := handshake(o, t, pattern, areWeInitiator); err != nil {
		return err
	}
	if !bytes.Equal(t.state.PeerStatic(), ourKeys.Public) {
		return fmt.Errorf("they hold another key for ours")
	}
	for i := 0; i < messages; i++ {
		payload := random(dice.Intn(payloadMax))
		if _, err := pass(o, t, payload); err != nil {
			return fmt.Errorf("message %d to them: %w", i, err)
		}
		if _, err := pass(t, o, payload); err != nil {
			return fmt.Errorf("message %d to us: %w", i, err)
		}
	}
	return nil
}

func run(program string) error {
	command := exec.Command(program)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	o := &ours{in: in, out: bufio.NewReader(out)}
	for _, pattern := range []string{"XK", "XXpsk0"} {
		for _, areWeInitiator := range []bool{true, false} {
			if err := talk(o, pattern, areWeInitiator); err != nil {
				_ = command.Process.Kill()
				_ = command.Wait()
				return fmt.Errorf("%s, we as initiator %v: %w", pattern, areWeInitiator, err)
			}
			fmt.Printf("%s, we as initiator %v: %d messages each way\n", pattern,
				areWeInitiator, messages)
		}
	}
	if err := in.Close(); err != nil {
		return err
	}
	return command.Wait()
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: noise_go PROGRAM")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
