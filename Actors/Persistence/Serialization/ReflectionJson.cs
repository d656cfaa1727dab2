using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Picket.Actors.Persistence.Serialization;

/// <summary>JSON by reflection under the names of types.</summary>
[RequiresUnreferencedCode("JSON by reflection")]
[RequiresDynamicCode("JSON by reflection")]
internal sealed class ReflectionJson(Predicate<Type> accept)
{
    private const string Prefix = "clr:";

    public bool TryWrite(object payload, out SerializedEvent written)
    {
        var type = payload.GetType();
        written = default;
        if (!accept(type)) return false;
        var manifest = $"{Prefix}{type.FullName}, {type.Assembly.GetName().Name}";
        written = new SerializedEvent(manifest, JsonSerializer.SerializeToUtf8Bytes(payload, type));
        return true;
    }

    public bool TryRead(string manifest, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (!manifest.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (Type.GetType(manifest[Prefix.Length..], throwOnError: false) is not { } type || !accept(type)) return false;
        value = JsonSerializer.Deserialize(bytes.Span, type);
        return value is not null;
    }
}
