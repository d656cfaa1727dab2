using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Picket.Fuzz;

/// <summary>An input for which something does not hold.</summary>
/// <param name="What">The check and its details.</param>
/// <param name="Input">The least input that was found for it.</param>
/// <param name="Execution">The number of the execution that found it, from 1.</param>
internal sealed record Finding(string What, byte[] Input, long Execution)
{
    /// <summary>What two inputs have in common that show the same fault.</summary>
    public string Signature => SignatureOf(What);

    /// <summary>The input as text; where it is none, its bytes, those that are not printable as <c>\x</c> and two digits.</summary>
    public string Text => Utf8.IsValid(Input) && !Input.Any(letter => letter < ' ' && letter is not ((byte)'\n' or (byte)'\r' or (byte)'\t'))
        ? Encoding.UTF8.GetString(Input)
        : string.Concat(Input.Select(letter => letter is >= 0x20 and < 0x7f and not (byte)'\\'
            ? ((char)letter).ToString()
            : string.Create(CultureInfo.InvariantCulture, $"\\x{letter:x2}")));

    /// <summary>The name of the check that <paramref name="what"/> begins with.</summary>
    public static string SignatureOf(string what) => what[..(what.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var end ? end : what.Length)];
}
