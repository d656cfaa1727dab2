namespace Picket.Detection.Context.Hashing;

/// <summary>Which hashes are made.</summary>
[Flags]
public enum HashAlgorithms
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>MD5: broken, and what lists of known files still have.</summary>
    Md5 = 1,

    /// <summary>SHA-1: broken, as above.</summary>
    Sha1 = 2,

    /// <summary>SHA-256.</summary>
    Sha256 = 4,

    /// <summary>All, in one reading.</summary>
    All = Md5 | Sha1 | Sha256,
}
