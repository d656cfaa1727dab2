namespace Picket.Spec.Kernel.Model;

/// <summary>What an actor of a script throws; deciders tell the kinds apart.</summary>
internal sealed class Trouble(int kind) : Exception($"{(char)('A' + kind)}")
{
    public const int Kinds = 4;

    public int Kind => kind;
}
