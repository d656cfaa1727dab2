using Picket.Detection.Events;

namespace Picket.Sensors.Evtx.Rendering;

/// <summary>What an element or an attribute says.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Kind">Whether that is a number, a truth value or a text.</param>
internal readonly record struct EvtxText(string Text, FieldKind Kind)
{
    /// <summary>Says nothing.</summary>
    public static EvtxText None => new("", FieldKind.Text);
}
