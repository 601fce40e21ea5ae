namespace BlueGreen.Router.Windows;

/// <summary>What came of a request. The order is the order of the counters.</summary>
internal enum AnswerClass
{
    /// <summary>1xx to 3xx, and gRPC status 0.</summary>
    Success,

    /// <summary>4xx: the model's word about the request.</summary>
    ClientError,

    /// <summary>5xx that the model server gave.</summary>
    ServerError,

    /// <summary>No replica could be connected to.</summary>
    Unreachable,

    /// <summary>The model server was silent for too long.</summary>
    TimedOut,

    /// <summary>The connection broke before the answer was complete.</summary>
    Broken,

    /// <summary>The client went away, or was cut off by a drain: nobody's fault, and counted as a request all the same.</summary>
    Cancelled,
}
