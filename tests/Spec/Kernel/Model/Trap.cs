namespace Picket.Spec.Kernel.Model;

/// <summary>A hook of one actor that will throw: after so many calls, so many times.</summary>
internal sealed class Trap(string id, Hook hook, int kind, int after, int times)
{
    private int _after = after;
    private int _times = times;

    public void Spring(string at, Hook running)
    {
        if (at != id || running != hook || _times == 0) return;
        if (_after-- > 0) return;
        _after = 0;
        _times--;
        throw new Trouble(kind);
    }
}
