namespace Picket.Detection.Sigma.Literals;

/// <summary>
/// Says of most places of a text that none of its keys begins there, before a table is touched; it may let places pass where none does.
/// Immutable.
/// </summary>
/// <remarks>
/// What works with vectors is not compiled ahead of time, since the machine is not known then; it is marked to be compiled for good on its
/// first call, or the first second of a run would be spent in its slow form.
/// </remarks>
/// <param name="keyLength">Bytes of a key: 2, 3 or 4.</param>
internal abstract class KeyFilter(int keyLength)
{
    /// <summary>How many places one question is about.</summary>
    public const int Places = 64;

    /// <summary>Bytes of a key.</summary>
    public int KeyLength => keyLength;

    /// <summary>The filter that suits so many keys.</summary>
    /// <param name="keyLength">Bytes of a key: 2, 3 or 4.</param>
    /// <param name="keys">The keys, little-endian, distinct.</param>
    /// <param name="anyCase">Whether a letter, of ASCII and in lower case, stands for its upper case too.</param>
    public static KeyFilter Of(int keyLength, IReadOnlyCollection<uint> keys, bool anyCase = false) =>
        keys.Count <= NibbleFilter.MostKeys ? new NibbleFilter(keyLength, keys, anyCase) : new BitFilter(keyLength, keys, anyCase);

    /// <summary>
    /// Which of the places from <paramref name="at"/> may begin with a key, as bits; those whose key would reach beyond the text are not
    /// among them.
    /// </summary>
    public abstract ulong May(ReadOnlySpan<byte> text, int at);
}
