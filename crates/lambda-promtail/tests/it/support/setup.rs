//! The function between an S3 and a Loki.

use serde_json::Value;
use testkit::lambda::Lambda;
use testkit::receiver::Receiver;
use testkit::s3::{Object, S3};

use super::objects::WRITTEN_SECONDS;
use super::{BUCKET, pushing_to, reading_from};

/// The function, which reads from an S3 and pushes to a receiver.
pub struct Setup {
    pub receiver: Receiver,
    pub s3: S3,
    pub lambda: Lambda,
}

impl Setup {
    /// Starts the function with these variables.
    pub async fn new(variables: &[(&str, &str)]) -> Self {
        let (receiver, s3) = (Receiver::start().await, S3::start().await);
        let function = reading_from(&s3, pushing_to(&receiver)).envs(variables.iter().copied());
        Self {
            lambda: function.start().await,
            receiver,
            s3,
        }
    }

    /// Stores an object.
    pub fn put(&self, key: &str, bytes: impl Into<Vec<u8>>) {
        let object = Object::new(bytes.into()).last_modified(WRITTEN_SECONDS);
        self.s3.put(BUCKET, key, object);
    }

    /// Delivers an event, and returns the function's response.
    pub async fn response(&mut self, event: impl ToString) -> Value {
        self.lambda.invoke(event.to_string()).await.response().clone()
    }

    /// Delivers an event that must fail, and returns the message of its error.
    pub async fn error(&mut self, event: impl ToString) -> String {
        let invocation = self.lambda.invoke(event.to_string()).await;
        invocation.error().error_message.clone()
    }
}
