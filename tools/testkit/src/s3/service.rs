//! The handling of a request.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard};

use http::{HeaderValue, Method, Response, StatusCode, header};
use hyper::body::Incoming;

use super::answer::{Action, Break};
use super::body::Sent;
use super::{Answer, ListRequest, Object, Request};
use crate::loopback::Cut;

/// The objects, the script, and a record of the requests so far.
#[derive(Debug, Default)]
pub(super) struct Service {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) objects: HashMap<(String, String), Object>,
    pub(super) next: VecDeque<Answer>,
    pub(super) always: Option<Answer>,
    pub(super) requests: Vec<Request>,
}

impl Service {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(super) async fn handle(&self, request: http::Request<Incoming>) -> Result<Response<Sent>, Cut> {
        let mut request = Request::new(&request);
        let (delay, outcome) = {
            let mut state = self.state();
            let answer = state.take();
            let mut outcome = state.respond(&request, &answer.action);
            if let Ok(response) = &mut outcome {
                answer.set_headers(response.headers_mut());
            }
            request.status = outcome.as_ref().ok().map(Response::status);
            if let Some(object) = answer.then {
                let name = (request.bucket.clone(), request.key.clone());
                state.objects.insert(name, object);
            }
            state.requests.push(request);
            (answer.delay, outcome)
        };
        tokio::time::sleep(delay).await;
        outcome
    }
}

impl State {
    fn take(&mut self) -> Answer {
        let next = self.next.pop_front().or_else(|| self.always.clone());
        next.unwrap_or_else(Answer::serve)
    }

    fn respond(&self, request: &Request, action: &Action) -> Result<Response<Sent>, Cut> {
        Ok(match action {
            Action::Serve => self.serve(request, None),
            Action::Break(breaks) => self.serve(request, Some(*breaks)),
            Action::IgnoreRange => {
                let mut request = request.clone();
                request.range = None;
                self.serve(&request, None)
            }
            Action::IgnoreIfMatch => {
                let mut request = request.clone();
                request.if_match = None;
                self.serve(&request, None)
            }
            Action::Refuse {
                status,
                code,
                message,
            } => refusal(*status, code, message),
            Action::Reset => return Err(Cut::Reset),
        })
    }

    fn serve(&self, request: &Request, breaks: Option<Break>) -> Response<Sent> {
        if request.method != Method::GET && request.method != Method::HEAD {
            return refusal(
                StatusCode::METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
            );
        }
        if let Some(list) = &request.list {
            return self.list(&request.bucket, list);
        }
        let Some(object) = self.objects.get(&(request.bucket.clone(), request.key.clone())) else {
            return self.missing(&request.bucket);
        };
        if request.if_match.as_ref().is_some_and(|etag| *etag != object.etag) {
            return refusal(
                StatusCode::PRECONDITION_FAILED,
                "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold",
            );
        }
        let len = object.content.len();
        let Some((start, end)) = request.part_of(len) else {
            return refusal(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "InvalidRange",
                "The requested range is not satisfiable",
            );
        };
        let mut response = Response::builder()
            .header(header::ACCEPT_RANGES, "bytes")
            .header(header::CONTENT_TYPE, "binary/octet-stream")
            .header(header::CONTENT_LENGTH, end - start)
            .header(header::ETAG, &object.etag)
            .header(header::LAST_MODIFIED, http_date(object.last_modified));
        for (name, value) in &object.headers {
            response = response.header(name, value);
        }
        if request.range.is_some() {
            response = response
                .status(StatusCode::PARTIAL_CONTENT)
                .header(header::CONTENT_RANGE, format!("bytes {start}-{}/{len}", end - 1));
        }
        let body = if request.method == Method::HEAD {
            Sent::whole("")
        } else {
            Sent::part(object.content.clone(), start, end, breaks)
        };
        response.body(body).unwrap()
    }

    fn list(&self, bucket: &str, list: &ListRequest) -> Response<Sent> {
        if !self.has(bucket) {
            return self.missing(bucket);
        }
        let mut response = Response::new(Sent::whole(list.page(bucket, &self.objects)));
        let xml = HeaderValue::from_static("application/xml");
        response.headers_mut().insert(header::CONTENT_TYPE, xml);
        response
    }

    fn has(&self, bucket: &str) -> bool {
        self.objects.keys().any(|(known, _)| known == bucket)
    }

    fn missing(&self, bucket: &str) -> Response<Sent> {
        let (code, message) = if self.has(bucket) {
            ("NoSuchKey", "The specified key does not exist.")
        } else {
            ("NoSuchBucket", "The specified bucket does not exist")
        };
        refusal(StatusCode::NOT_FOUND, code, message)
    }
}

/// Returns an error response in S3's format.
fn refusal(status: StatusCode, code: &str, message: &str) -> Response<Sent> {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Error><Code>{code}</Code><Message>{message}</Message>\
         <RequestId>TX234S0F24A06C7</RequestId></Error>"
    );
    let mut response = Response::new(Sent::whole(xml));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    headers.insert("x-amz-request-id", HeaderValue::from_static("TX234S0F24A06C7"));
    response
}

/// Formats a time for `Last-Modified`, such as `Wed, 04 Mar 2026 05:06:07 GMT`.
fn http_date(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds).unwrap();
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
