using BlueGreen.ModelServer.Serving;
using BlueGreen.ModelServer.Training;

return args is ["train", .. var trainArguments]
    ? TrainCommand.Run(trainArguments)
    : await ServeCommand.RunAsync(args);
