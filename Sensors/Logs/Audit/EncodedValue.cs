using System.Buffers;

namespace Picket.Sensors.Logs.Audit;

/// <summary>
/// Values that the audit system writes in hexadecimal digits where they hold a blank, a quote or a control character, and in quotes
/// else. Only fields that somebody outside of the kernel chose are written so; elsewhere digits are a number.
/// </summary>
internal static class EncodedValue
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789ABCDEF"u8);

    private static readonly byte[][] Fields =
    [
        [.. "comm"u8], [.. "ocomm"u8], [.. "exe"u8], [.. "name"u8], [.. "cwd"u8], [.. "proctitle"u8], [.. "path"u8], [.. "key"u8],
        [.. "acct"u8], [.. "cmd"u8], [.. "data"u8], [.. "dir"u8], [.. "file"u8], [.. "dev"u8], [.. "device"u8], [.. "watch"u8],
        [.. "old"u8], [.. "new"u8], [.. "grp"u8], [.. "vm"u8], [.. "root_dir"u8], [.. "invalid_context"u8], [.. "profile"u8],
    ];

    /// <summary>Whether an unquoted value of this field may be hexadecimal.</summary>
    /// <param name="name">The field.</param>
    /// <param name="execve">Whether the record is an EXECVE, whose a0, a1 and so on are arguments.</param>
    public static bool MayBe(ReadOnlySpan<byte> name, bool execve) // hot
    {
        if (execve) return IsArgument(name);
        foreach (var field in Fields)
        {
            if (name.SequenceEqual(field)) return true;
        }

        return false;
    }

    /// <summary>Whether <paramref name="name"/> is a0, a1 and so on, or a piece of one: a2[0].</summary>
    public static bool IsArgument(ReadOnlySpan<byte> name) => // hot
        name.Length >= 2 && name[0] == 'a' && char.IsAsciiDigit((char)name[1]) && !name.Contains((byte)'_');

    /// <summary>Whether the value has the form: pairs of digits with capital letters.</summary>
    public static bool HasForm(ReadOnlySpan<byte> value) => // hot
        value.Length >= 2 && value.Length % 2 == 0 && !value.ContainsAnyExcept(Digits);

    /// <summary>Writes the bytes into <paramref name="into"/>, which has room for half the digits.</summary>
    public static void Decode(ReadOnlySpan<byte> digits, Span<byte> into) // hot
    {
        for (var i = 0; i < into.Length; i++) into[i] = (byte)((Digit(digits[2 * i]) << 4) | Digit(digits[(2 * i) + 1]));
    }

    private static int Digit(byte letter) => letter <= '9' ? letter - '0' : letter - 'A' + 10;
}
