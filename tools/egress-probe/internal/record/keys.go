package record

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
)

// NewKeyPair makes a key pair as PEM: PKCS #8 and PKIX, as openssl and others write them.
func NewKeyPair() (private, public []byte, err error) {
	publicKey, privateKey, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, nil, err
	}
	privateBytes, err := x509.MarshalPKCS8PrivateKey(privateKey)
	if err != nil {
		return nil, nil, err
	}
	publicBytes, err := x509.MarshalPKIXPublicKey(publicKey)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: privateBytes}),
		pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: publicBytes}), nil
}

// ReadPrivateKey reads a private key; errors never hold any of its bytes.
func ReadPrivateKey(path string) (ed25519.PrivateKey, error) {
	block, err := readBlock(path, "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(block)
	if err != nil {
		return nil, fmt.Errorf("%s: is no PKCS #8 key", path)
	}
	if found, isEd25519 := key.(ed25519.PrivateKey); isEd25519 {
		return found, nil
	}
	return nil, fmt.Errorf("%s: is no Ed25519 key", path)
}

// ReadPublicKey reads a public key.
func ReadPublicKey(path string) (ed25519.PublicKey, error) {
	block, err := readBlock(path, "PUBLIC KEY")
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKIXPublicKey(block)
	if err != nil {
		return nil, fmt.Errorf("%s: is no public key: %w", path, err)
	}
	if found, isEd25519 := key.(ed25519.PublicKey); isEd25519 {
		return found, nil
	}
	return nil, fmt.Errorf("%s: is no Ed25519 key", path)
}

func readBlock(path, kind string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s: holds no PEM block", path)
	}
	if block.Type != kind {
		return nil, fmt.Errorf("%s: holds a %s and must hold a %s", path, block.Type, kind)
	}
	return block.Bytes, nil
}
