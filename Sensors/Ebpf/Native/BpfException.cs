namespace Picket.Sensors.Ebpf.Native;

/// <summary>The kernel or libbpf refused something; the message says what, why, and carries libbpf's own words where it had any.</summary>
public sealed class BpfException : Exception
{
    /// <summary>Makes an error about <paramref name="what"/> with the errno that came back.</summary>
    public BpfException(string what, int errno, string log = "")
        : base(Compose(what, errno, log))
    {
        Errno = errno;
        Log = log;
    }

    /// <summary>The errno; 0 when the refusal is Picket's own.</summary>
    public int Errno { get; }

    /// <summary>What libbpf printed meanwhile, the verifier's log included; may be empty.</summary>
    public string Log { get; }

    private static string Compose(string what, int errno, string log)
    {
        var text = errno == 0 ? what : $"{what}: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";
        return log.Length == 0 ? text : $"{text}\n{log.TrimEnd()}";
    }
}
