using System.Text;
using BlueGreen.Router.Direct;
using CsCheck;

namespace BlueGreen.Router.Tests.Direct;

public sealed class AnswerFramingTests
{
    [Fact]
    public void Chunks_HoweverTheyAreCut_GiveTheBodyAndEndWhereTheyEnd()
    {
        var pieces = Gen.String[Gen.Char['a', 'z'], 1, 40].List[0, 6];
        Gen.Select(pieces, Gen.Int[1, 9], Gen.String[Gen.Char['A', 'Z'], 0, 5], Gen.Bool).Sample((chunks, step, next, withExtras) =>
        {
            var text = string.Concat(chunks.Select(chunk => $"{chunk.Length:x}{(withExtras ? " ;a=b" : "")}\r\n{chunk}\r\n"))
                + (withExtras ? "00\r\nTrailer: t\r\n\r\n" : "0\r\n\r\n");
            var (body, rest, isComplete) = Feed(AnswerFraming.Chunked, text + next, step);
            Assert.True(isComplete);
            Assert.Equal(string.Concat(chunks), body);
            // What is left over begins the next answer: none of it is swallowed.
            Assert.StartsWith(rest, next, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("g\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("0x1\r\na\r\n")]
    [InlineData(" 1\r\na\r\n")]
    [InlineData("1\na\n")]
    [InlineData("1\r\nab\r\n")]
    [InlineData("1\r\na\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\n")]
    [InlineData("1\r\r\na\r\n")]
    public void Chunks_ThatTwoReadersCouldReadInTwoWays_AreRefused(string text) =>
        Assert.Throws<InvalidDataException>(() => Feed(AnswerFraming.Chunked, text, 1000));

    [Fact]
    public void Length_TakesThatMuchAndNoMore()
    {
        var (body, rest, isComplete) = Feed(AnswerFraming.OfLength(5), "12345HTTP", 3);

        Assert.Equal(("12345", "H", true), (body, rest, isComplete));
        Assert.True(AnswerFraming.OfLength(0).IsComplete);
    }

    private static (string Body, string Left, bool IsComplete) Feed(AnswerFraming framing, string text, int step)
    {
        var (body, waiting) = (new StringBuilder(), new List<byte>());
        foreach (var piece in Encoding.ASCII.GetBytes(text).Chunk(step))
        {
            waiting.AddRange(piece);
            var bytes = waiting.ToArray();
            var payload = framing.Take(bytes, out var consumed);
            body.Append(Encoding.ASCII.GetString(bytes, 0, payload));
            waiting.RemoveRange(0, consumed);
            if (framing.IsComplete) break;
        }

        return (body.ToString(), Encoding.ASCII.GetString(waiting.ToArray()), framing.IsComplete);
    }
}
