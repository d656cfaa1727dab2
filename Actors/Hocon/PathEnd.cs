namespace Picket.Hocon;

/// <summary>What a path expression stands in, and so where it ends.</summary>
internal enum PathEnd
{
    /// <summary>A key, before its separator.</summary>
    Key,

    /// <summary>A substitution, before its brace.</summary>
    Brace,

    /// <summary>A text that is nothing but the path.</summary>
    Text,
}
