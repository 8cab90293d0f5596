package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"strings"
)

var dice = rand.New(rand.NewSource(7))

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

// conform is our program while it runs.
type conform struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func start(program string) (*conform, error) {
	command := exec.Command(program)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &conform{command, in, bufio.NewReader(out)}, command.Start()
}

// ask gives the answer to a request of words, of which bytes become hex.
func (c *conform) ask(words ...interface{}) (string, error) {
	var request []string
	for _, word := range words {
		if data, isBytes := word.([]byte); isBytes {
			request = append(request, encode(data))
		} else {
			request = append(request, fmt.Sprint(word))
		}
	}
	line := strings.Join(request, " ")
	if _, err := fmt.Fprintln(c.in, line); err != nil {
		return "", err
	}
	answer, err := c.out.ReadString('\n')
	if err != nil {
		return "", err
	}
	answer = strings.TrimSuffix(answer, "\n")
	if strings.HasPrefix(answer, "error") {
		return "", fmt.Errorf("%.60s: %s", line, answer)
	}
	return answer, nil
}

// bytes is ask for an answer of bytes.
func (c *conform) bytes(words ...interface{}) ([]byte, error) {
	answer, err := c.ask(words...)
	if err != nil || answer == "-" {
		return nil, err
	}
	data, err := hex.DecodeString(answer)
	if err != nil {
		return nil, fmt.Errorf("%v: %s", words[0], answer)
	}
	return data, nil
}

// expect asks for exactly that answer.
func (c *conform) expect(wanted string, words ...interface{}) error {
	answer, err := c.ask(words...)
	if err == nil && answer != wanted {
		err = fmt.Errorf("%v: %s, and not %s", words[0], answer, wanted)
	}
	return err
}

// refuses asks for any answer but ok.
func (c *conform) refuses(words ...interface{}) error {
	answer, err := c.ask(words...)
	if err == nil && strings.HasPrefix(answer, "ok") {
		err = fmt.Errorf("%v: %s to what was changed", words[0], answer)
	}
	return err
}

func (c *conform) finish() error {
	if err := c.in.Close(); err != nil {
		return err
	}
	return c.command.Wait()
}
