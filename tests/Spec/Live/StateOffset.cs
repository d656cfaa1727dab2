using System.Globalization;
using System.Runtime.InteropServices;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Live;

/// <summary>Where the members of the state map's one entry stand, as an argument for who pokes them.</summary>
internal static class StateOffset
{
    public static string Of(string member) => Text(Marshal.OffsetOf<StateRecord>(member));

    public static string OfGeneration(Concern concern) => Text(Marshal.OffsetOf<StateRecord>(nameof(StateRecord.Generation)) + sizeof(uint) * (int)concern);

    private static string Text(nint offset) => offset.ToString(CultureInfo.InvariantCulture);
}
