package record

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"private-llm/tools/egress-probe/internal/canonical"
)

// purpose stands before what is signed, so that no signature made for something else is ever taken for
// one of a record.
const purpose = "private-llm egress-probe record 1\n"

// Signed is a record as it leaves the pod.
type Signed struct {
	Record    json.RawMessage `json:"record"`
	Signature Signature       `json:"signature"`
}

// Signature is an Ed25519 signature over the purpose and the record in canonical form.
type Signature struct {
	Algorithm string `json:"algorithm"`
	// Key is the SHA-256 of the public key, hexadecimal; it names the key and proves nothing.
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Sign gives a record its signature. The result is one line of canonical JSON.
func Sign(record any, key ed25519.PrivateKey) ([]byte, error) {
	form, err := canonical.Marshal(record)
	if err != nil {
		return nil, err
	}
	public, isEd25519 := key.Public().(ed25519.PublicKey)
	if !isEd25519 {
		return nil, errors.New("the key is no Ed25519 key")
	}
	return canonical.Marshal(Signed{Record: form, Signature: Signature{
		Algorithm: "ed25519",
		Key:       KeyName(public),
		Value:     base64.StdEncoding.EncodeToString(ed25519.Sign(key, append([]byte(purpose), form...))),
	}})
}

// Open checks the signature against the keys given and reads the record into target.
func Open(text []byte, keys []ed25519.PublicKey, target any) error {
	form, err := canonical.Encode(text)
	if err != nil {
		return fmt.Errorf("not a record: %w", err)
	}
	var signed Signed
	if err := strict(form, &signed); err != nil {
		return fmt.Errorf("not a record: %w", err)
	}
	if signed.Signature.Algorithm != "ed25519" {
		return fmt.Errorf("signed by %q; only ed25519 is accepted", signed.Signature.Algorithm)
	}
	value, err := base64.StdEncoding.Strict().DecodeString(signed.Signature.Value)
	if err != nil {
		return fmt.Errorf("the signature is not base64: %w", err)
	}
	// The whole file went through Encode, so this part is in canonical form already.
	message := append([]byte(purpose), signed.Record...)
	for _, key := range keys {
		if ed25519.Verify(key, message, value) {
			return strict(signed.Record, target)
		}
	}
	return errors.New("the signature is by none of the keys given, or the record was changed after it was signed")
}

// KeyName is the name of a public key in signatures.
func KeyName(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:])
}

func strict(text []byte, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(target)
}
