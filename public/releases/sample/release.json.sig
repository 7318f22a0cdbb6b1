{
  "format": "relock-signature-1",
  "signatures": [
    {
      "key": "22a80a9a99b554f6",
      "signature": "d9f3d1dd14aac35a72cf9ed1efbac0b95d500a3ffa982a584588e50f8afa6b58d556e8e8a4710cf0d9f939dfc881d2a3fc488793e360710c22e3764802fc4305"
    }
  ]
}
