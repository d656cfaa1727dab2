using System.Text;
using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Scan;

/// <summary>
/// A value in the forms that tests need: bytes written as a string of that many characters, folded or not, and real text.
/// </summary>
internal sealed class ScanValue
{
    public ScanValue(FieldKind kind, ReadOnlySpan<byte> bytes)
    {
        IsNull = kind == FieldKind.Null;
        HasText = kind is not (FieldKind.Null or FieldKind.Object);
        Exact = ScanText.FromBytes(bytes);
        Folded = ScanText.Fold(Exact);
        Text = Encoding.UTF8.GetString(bytes);
    }

    public bool IsNull { get; }

    public bool HasText { get; }

    public string Exact { get; }

    public string Folded { get; }

    public string Text { get; }
}
