using System.Buffers;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace BlueGreen.Router.Direct;

/// <summary>
/// One header of an answer, read once: model servers say the same thing again and again, and a line that is equal to the one that stood in
/// its place in the last answer of the connection needs no new strings.
/// </summary>
internal sealed class AnswerHeader
{
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly byte[] _line;

    private AnswerHeader(byte[] line, string name, string value, HeaderKind kind)
    {
        (_line, Name, Text, Value, Kind) = (line, name, value, value, kind);
        if (kind == HeaderKind.ContentLength) Length = LengthOf(value);
        if (kind == HeaderKind.ContentType) MediaType = MediaTypeOf(value);
        if (kind == HeaderKind.Connection) Tokens = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    public string Name { get; }
    public string Text { get; }
    public StringValues Value { get; }
    public HeaderKind Kind { get; }

    /// <summary>Of Content-Length.</summary>
    public long Length { get; }

    /// <summary>Of Content-Type, without its parameters.</summary>
    public string? MediaType { get; }

    /// <summary>Of Connection.</summary>
    public IReadOnlyList<string> Tokens { get; } = [];

    public bool IsLine(ReadOnlySpan<byte> line) => line.SequenceEqual(_line);

    /// <exception cref="InvalidDataException">It is no header, or one that would not be understood alike by everyone.</exception>
    public static AnswerHeader Read(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        // Folded lines begin with a space, which no name has in it.
        if (colon <= 0 || line[..colon].ContainsAnyExcept(TokenBytes)) throw Wrong("a header's name");
        var value = line[(colon + 1)..].Trim(" \t"u8);
        foreach (var octet in value)
        {
            if (octet is < 0x20 and not (byte)'\t' or >= 0x7f) throw Wrong("a header's value");
        }

        var name = Encoding.ASCII.GetString(line[..colon]);
        return new(line.ToArray(), name, Encoding.ASCII.GetString(value), HeaderKinds.OfAnswer(name));
    }

    private static long LengthOf(string value)
    {
        const int MostDigits = 18;
        if (value.Length is 0 or > MostDigits || value.AsSpan().ContainsAnyExceptInRange('0', '9')) throw Wrong("its length");
        return long.Parse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string MediaTypeOf(string value)
    {
        var end = value.IndexOf(';', StringComparison.Ordinal);
        return end < 0 ? value : value[..end].TrimEnd();
    }

    private static InvalidDataException Wrong(string what) => new($"The answer's head is wrong: {what}.");
}
