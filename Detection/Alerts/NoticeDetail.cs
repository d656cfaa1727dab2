namespace Picket.Detection.Alerts;

/// <summary>One fact of a <see cref="Notice"/>: a text or a number.</summary>
public sealed record NoticeDetail
{
    /// <summary>A fact that is text.</summary>
    public NoticeDetail(string name, string text)
    {
        Name = name;
        Text = text;
    }

    /// <summary>A fact that is a number.</summary>
    public NoticeDetail(string name, long number)
    {
        Name = name;
        Number = number;
    }

    /// <summary>The key below <c>picket.notice</c>.</summary>
    public string Name { get; }

    /// <summary>The text; null for a number.</summary>
    public string? Text { get; }

    /// <summary>The number; 0 for a text.</summary>
    public long Number { get; }
}
