using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace BlueGreen.Demo.Load;

/// <summary>
/// Writes the run to a file, one tab-separated line per request, and marks (lines that begin with <c>#</c>) for what happened around them.
/// Writing is off the senders' path.
/// </summary>
internal sealed class RequestLog : IAsyncDisposable
{
    private readonly Channel<string> _marks = Channel.CreateUnbounded<string>();
    private readonly Channel<RequestRecord> _records = Channel.CreateUnbounded<RequestRecord>(new() { SingleReader = true });
    private readonly StreamWriter _file;
    private readonly Task _writing;

    public RequestLog(string path)
    {
        _file = new StreamWriter(path, append: false, new UTF8Encoding(false), bufferSize: 1 << 16);
        _file.WriteLine("#due_us\tsent_us\tdone_us\tstatus\tenvironment\tversion\tepoch\tnull_score\terror");
        _writing = WriteAsync();
    }

    public void Add(in RequestRecord record) => _records.Writer.TryWrite(record);

    public void Mark(Mark mark) => _marks.Writer.TryWrite(mark.ToLine());

    /// <summary>Everything added so far is in the file afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        _records.Writer.TryComplete();
        await _writing;
        WriteMarks();
        await _file.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        await foreach (var record in _records.Reader.ReadAllAsync())
        {
            WriteMarks();
            Write(record);
        }
    }

    private void WriteMarks()
    {
        while (_marks.Reader.TryRead(out var line)) _file.WriteLine(line);
    }

    private void Write(in RequestRecord record)
    {
        var invariant = CultureInfo.InvariantCulture;
        _file.Write(string.Create(invariant, $"{record.Due}\t{record.Sent}\t{record.Done}\t{record.Status}\t"));
        _file.Write(record.Environment ?? "-");
        _file.Write('\t');
        _file.Write(record.Version ?? "-");
        _file.Write('\t');
        _file.Write(record.Epoch ?? "-");
        _file.Write(record.NullScore ? "\t1\t" : "\t0\t");
        _file.WriteLine(record.Error?.ReplaceLineEndings(" ").Replace('\t', ' '));
    }
}
