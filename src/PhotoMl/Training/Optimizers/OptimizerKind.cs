using System.Text.Json.Serialization;

namespace PhotoMl.Training;

/// <summary>How weights follow their gradients.</summary>
public enum OptimizerKind
{
    /// <summary>Adam; weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,
}
