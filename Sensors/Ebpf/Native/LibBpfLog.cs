using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Picket.Sensors.Ebpf.Native;

/// <summary>
/// Collects what libbpf prints on this thread while one operation runs, so that an error can carry it. Outside of a
/// capture libbpf is silent: it would write to standard error.
/// </summary>
internal sealed partial class LibBpfLog : IDisposable
{
    private const int Limit = 64 * 1024;
    private const int Debug = 2;

    [ThreadStatic]
    private static StringBuilder? _current;

    private static int _installed;

    private readonly StringBuilder _text = new();

    private LibBpfLog() => _current = _text;

    /// <summary>Starts a capture on the calling thread.</summary>
    public static unsafe LibBpfLog Capture()
    {
        if (Interlocked.Exchange(ref _installed, 1) == 0) libbpf_set_print(&Print);
        return new LibBpfLog();
    }

    /// <summary>What was printed so far.</summary>
    public string Text => _text.ToString();

    /// <summary>The program that the last message is about; null when none names one.</summary>
    public string? RefusedProgram
    {
        get
        {
            const string Mark = "prog '";
            var text = Text;
            var at = text.LastIndexOf(Mark, StringComparison.Ordinal);
            if (at < 0) return null;
            at += Mark.Length;
            var end = text.IndexOf('\'', at);
            return end < 0 ? null : text[at..end];
        }
    }

    /// <summary>Begins anew, as for another attempt.</summary>
    public void Forget() => _text.Clear();

    /// <inheritdoc/>
    public void Dispose() => _current = null;

    /// <summary>
    /// The va_list arrives as a pointer on both architectures (an array on x86-64, a structure passed by reference on
    /// arm64), so that it can be handed on as one. An exception that left here would end the process.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int Print(int level, byte* format, nint arguments)
    {
        try
        {
            if (level >= Debug || _current is not { } log || log.Length >= Limit) return 0;
            var buffer = stackalloc byte[8192];
            var length = vsnprintf(buffer, 8192, format, arguments);
            if (length > 0) log.Append(Encoding.UTF8.GetString(buffer, Math.Min(length, 8191)));
        }
        catch
        {
            // Losing a line of a log is better than losing the process.
        }

        return 0;
    }

    [LibraryImport(NativeLibraries.LibBpf)]
    private static unsafe partial nint libbpf_set_print(delegate* unmanaged[Cdecl]<int, byte*, nint, int> print);

    [LibraryImport("libc")]
    private static unsafe partial int vsnprintf(byte* buffer, nuint size, byte* format, nint arguments);
}
