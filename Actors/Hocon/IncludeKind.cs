namespace Picket.Hocon;

/// <summary>How an include names what it wants.</summary>
internal enum IncludeKind
{
    /// <summary>A quoted name alone.</summary>
    Plain,

    /// <summary>A name in file().</summary>
    File,

    /// <summary>A name in classpath(): a resource.</summary>
    Classpath,

    /// <summary>A name in url(), which must be that of a file.</summary>
    Url,
}
