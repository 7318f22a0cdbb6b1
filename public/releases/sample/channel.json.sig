{
  "format": "relock-signature-1",
  "signatures": [
    {
      "key": "22a80a9a99b554f6",
      "signature": "c99745f3f456e6192e82b58338decc46ec2742b9bd244e3409f0ff3d6add101d78ec6ba3538b0395b7c3031fcc538cbdea9c146ac3abf5fae3bd5eacd2e57807"
    }
  ]
}
