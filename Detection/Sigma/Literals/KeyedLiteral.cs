namespace Picket.Detection.Sigma.Literals;

/// <summary>A literal that hangs on some of its own bytes.</summary>
/// <param name="Number">Its number in the set.</param>
/// <param name="Offset">Where in the literal the key lies.</param>
/// <param name="Bytes">The whole literal.</param>
internal readonly record struct KeyedLiteral(int Number, int Offset, byte[] Bytes);
