using System.Text;

namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>Which persistence ids a SQL store can tell apart in both back ends.</summary>
internal static class PersistenceIdText
{
    /// <summary>What an index entry of PostgreSQL takes, with a reserve.</summary>
    public const int MaxBytes = 2000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What is wrong with an id, or null.</summary>
    public static string? Fault(string persistenceId)
    {
        if (string.IsNullOrEmpty(persistenceId)) return "a persistence id must not be empty";
        if (persistenceId.Contains('\0')) return "a persistence id must not contain the character NUL";
        try
        {
            return Strict.GetByteCount(persistenceId) is var bytes && bytes > MaxBytes
                ? $"a persistence id may have {MaxBytes} bytes, [{persistenceId[..40]}...] has {bytes}"
                : null;
        }
        catch (EncoderFallbackException)
        {
            return "a persistence id must not contain half a surrogate pair";
        }
    }
}
