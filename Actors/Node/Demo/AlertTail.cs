using System.Text.Json;

namespace Picket.Node.Demo;

/// <summary>Reads an alert file as another process would: whole lines, as they become readable.</summary>
internal sealed class AlertTail(string file) : IDisposable
{
    private readonly MemoryStream _partial = new();
    private FileStream? _stream;

    /// <summary>The alerts that have become readable since the last call.</summary>
    public IEnumerable<JsonElement> Read()
    {
        if (_stream is null)
        {
            if (!File.Exists(file)) yield break;
            _stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        var buffer = new byte[64 * 1024];
        int read;
        while ((read = _stream.Read(buffer)) > 0)
        {
            var from = 0;
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] != '\n') continue;
                _partial.Write(buffer, from, i - from);
                from = i + 1;
                using var document = JsonDocument.Parse(_partial.GetBuffer().AsMemory(0, (int)_partial.Length));
                var alert = document.RootElement.Clone();
                _partial.SetLength(0);
                yield return alert;
            }

            _partial.Write(buffer, from, read - from);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Dispose();
        _partial.Dispose();
    }
}
