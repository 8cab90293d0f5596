package main

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Evidence of docs/PROTOCOL.md §10 before these libraries: the notes in it by note.Open, the
// proofs that `fengqiao verify --proofs` makes of it by tlog.CheckRecord, and changed ones
// before both sides.

// ---- as much of MessagePack as the values of a ledger have ----

type unpacker struct{ rest []byte }

func (u *unpacker) take(n int) ([]byte, error) {
	if n < 0 || n > len(u.rest) {
		return nil, errFormat
	}
	out := u.rest[:n]
	u.rest = u.rest[n:]
	return out, nil
}

func (u *unpacker) number(n int) (int, error) {
	data, err := u.take(n)
	value := 0
	for _, b := range data {
		value = value<<8 | int(b)
	}
	return value, err
}

// next is an array's length, or the bytes of a str or bin; a number is neither.
func (u *unpacker) next() (count int, data []byte, err error) {
	first, err := u.take(1)
	if err != nil {
		return 0, nil, err
	}
	b, n := first[0], 0
	switch {
	case b < 0x80:
		return 0, nil, nil
	case b >= 0x90 && b < 0xa0:
		return int(b & 15), nil, nil
	case b >= 0xa0 && b < 0xc0:
		data, err = u.take(int(b & 31))
		return 0, data, err
	case b >= 0xcc && b <= 0xcf:
		_, err = u.take(1 << (b - 0xcc))
		return 0, nil, err
	case b == 0xdc || b == 0xdd:
		n, err = u.number(2 << (b - 0xdc))
		return n, nil, err
	case b >= 0xc4 && b <= 0xc6:
		n, err = u.number(1 << (b - 0xc4))
	case b == 0xd9 || b == 0xda || b == 0xdb:
		n, err = u.number(1 << (b - 0xd9))
	default:
		err = errFormat
	}
	if err == nil {
		data, err = u.take(n)
	}
	return 0, data, err
}

// value passes over one, and gives the bytes of those that are not arrays.
func (u *unpacker) value() (parts [][]byte, err error) {
	count, data, err := u.next()
	if err != nil || count == 0 {
		return [][]byte{data}, err
	}
	for i := 0; i < count; i++ {
		inner, err := u.value()
		if err != nil {
			return nil, err
		}
		parts = append(parts, inner...)
	}
	return parts, nil
}

// notesOf is the notes of the file, in their order.
func notesOf(file []byte) (checkpoints, opened [][]byte, err error) {
	u := &unpacker{file}
	for len(u.rest) > 0 {
		parts, err := u.value()
		if err != nil {
			return nil, nil, err
		}
		switch string(parts[0]) {
		case "checkpoint":
			checkpoints = append(checkpoints, parts[1])
		case "opened":
			opened = append(opened, parts[2])
		}
	}
	return checkpoints, opened, nil
}

// ---- notes ----

// openAll opens a note of which the machine in its name and all witnesses below it must
// have signed, each by the key in its name.
func openAll(msg []byte) (c checkpoint, witnesses int, err error) {
	name, _, _ := strings.Cut(string(msg), "\n")
	origin := strings.TrimSuffix(strings.TrimSuffix(name, "/private"), "/shared")
	key, err := keyOf(origin)
	if err != nil {
		return c, 0, err
	}
	vkey, err := note.NewEd25519VerifierKey(name, key)
	if err != nil {
		return c, 0, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return c, 0, err
	}
	all := []note.Verifier{verifier}
	for _, line := range strings.Split(string(msg), "\n") {
		words := strings.Split(line, " ")
		if words[0] != "—" || len(words) != 3 || words[1] == name {
			continue
		}
		key, err := keyOf(words[1] + "/")
		if err != nil {
			return c, 0, err
		}
		all = append(all, &cosigner{name: words[1], public: key})
	}
	c, err = openCheckpoint(msg, all...)
	return c, len(all) - 1, err
}

// refusesFlips: none of the changed notes opens.
func refusesFlips(msg []byte) error {
	for i := 0; i < flips; i++ {
		if _, _, err := openAll(flipped(msg, 0)); err == nil {
			return errors.New("they take a changed note")
		}
	}
	return nil
}

// ---- proofs ----

func checkRecord(file, id []byte) error {
	proof, err := parseCarrier(file, proofHead, "index")
	if err != nil {
		return err
	}
	c, _, err := openAll(proof.note)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof.hashes, c.size, c.root, proof.number, tlog.RecordHash(id))
}

// vkeyOf is the key of the machine in the name of a proof's note.
func vkeyOf(file []byte) ([]byte, error) {
	proof, err := parseCarrier(file, proofHead, "index")
	if err != nil {
		return nil, err
	}
	name, _, _ := strings.Cut(string(proof.note), "\n")
	key, err := keyOf(strings.TrimSuffix(strings.TrimSuffix(name, "/private"), "/shared"))
	if err != nil {
		return nil, err
	}
	vkey, err := note.NewEd25519VerifierKey(name, key)
	return []byte(vkey), err
}

func checkProofFile(c *conform, path string) error {
	file, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	id, err := hex.DecodeString(strings.TrimSuffix(filepath.Base(path), ".tlog-proof"))
	if err != nil {
		return err
	}
	if err := checkRecord(file, id); err != nil {
		return err
	}
	vkey, err := vkeyOf(file)
	if err != nil {
		return err
	}
	if err := c.expect("ok", "tlog-proof-check", id, vkey, file); err != nil {
		return err
	}
	for i := 0; i < flips; i++ {
		changed := flipped(file, 0)
		if checkRecord(changed, id) == nil {
			return errors.New("they take a changed proof")
		}
		if err := c.refuses("tlog-proof-check", id, vkey, changed); err != nil {
			return err
		}
		if checkRecord(file, flipped(id, 0)) == nil {
			return errors.New("they take it for another record")
		}
	}
	return nil
}

// checkEvidence: all notes of an evidence file and all proofs that were made of it.
func checkEvidence(program, path, folder string) error {
	c, err := start(program)
	if err != nil {
		return err
	}
	file, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	checkpoints, opened, err := notesOf(file)
	if err != nil {
		return err
	}
	cosignatures := 0
	for _, msg := range append(append([][]byte{}, checkpoints...), opened...) {
		_, witnesses, err := openAll(msg)
		if err == nil {
			err = refusesFlips(msg)
		}
		if err != nil {
			return fmt.Errorf("%w: %q", err, msg)
		}
		cosignatures += witnesses
	}
	proofs, err := filepath.Glob(filepath.Join(folder, "*.tlog-proof"))
	if err != nil {
		return err
	}
	for _, proof := range proofs {
		if err := checkProofFile(c, proof); err != nil {
			return fmt.Errorf("%s: %w", proof, err)
		}
	}
	fmt.Printf("%d checkpoints, %d cosignatures, %d openings, %d proofs\n", len(checkpoints),
		cosignatures, len(opened), len(proofs))
	return c.finish()
}

// spoil writes copies of the file to OUT.0, OUT.1 …, in each of which one bit of one of its
// notes is another.
func spoil(path, out string) error {
	file, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	checkpoints, opened, err := notesOf(file)
	if err != nil {
		return err
	}
	notes := append(checkpoints, opened...)
	for i := 0; i < flips; i++ {
		changed := append([]byte(nil), file...)
		msg := notes[i%len(notes)]
		copy(changed[bytes.Index(changed, msg):], flipped(msg, 0))
		if err := os.WriteFile(fmt.Sprintf("%s.%d", out, i), changed, 0o600); err != nil {
			return err
		}
	}
	return nil
}
