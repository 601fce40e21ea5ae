namespace BlueGreen.Demo.Load;

/// <summary>Sends one request of the stream and says what came of it; never throws.</summary>
internal interface IRequestSender
{
    /// <param name="index">Position in the stream, from 0.</param>
    /// <param name="due">When the schedule wanted it sent, microseconds.</param>
    Task<RequestRecord> SendAsync(int index, long due);
}
